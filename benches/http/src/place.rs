//! The program on a new demonstration compound, and what is asked of it.

use std::path::{Path, PathBuf};
use std::time::Duration;

use hyper::Method;
use serde_json::json;
use tokio::process::{Child, Command};

use crate::Failed;
use crate::client::Client;

/// For how many residents is booked.
const RESIDENTS: usize = 300;

/// The program, running, and somebody at its desk.
pub struct Place {
    program: Child,
    file: PathBuf,
    /// Whom visits are booked for.
    pub residents: Vec<i64>,
    /// What is booked: short services that many can give.
    pub services: Vec<String>,
    /// The first day on which anything can be had, as the program says it.
    pub today: chrono::NaiveDate,
    clerk: Client,
}

impl Place {
    /// Starts it in a folder.
    pub async fn open(program: &str, folder: &Path) -> Result<Self, Failed> {
        let listener = std::net::TcpListener::bind("127.0.0.1:0")?;
        let host = listener.local_addr()?.to_string();
        drop(listener);
        let file = folder.join("yinling.db");
        let program = Command::new(std::fs::canonicalize(program)?)
            .args(["serve", "--demo"])
            .current_dir(folder)
            .env("YINLING_LISTEN", &host)
            .env("YINLING_DATABASE_URL", format!("sqlite:{}", file.display()))
            .env(
                "YINLING_MAIL",
                format!("file:{}", folder.join("mail").display()),
            )
            .env("YINLING_LOG", "warn")
            // Nobody is sent away: whoever waits long counts with all of it.
            .env("YINLING_PATIENCE_MS", "60000")
            .stdout(std::process::Stdio::null())
            .kill_on_drop(true)
            .spawn()?;
        let mut clerk = ready(&host).await?;
        let kind = json!({"kind": "clerk"});
        let entered = clerk
            .send(Method::POST, "/api/session/demo", Some(&kind))
            .await?;
        if !entered.status.is_success() {
            return Err(format!("the clerk was not let in: {:?}", entered.body).into());
        }
        let today = clerk.get("/api/me").await?.json()?["today"]
            .as_str()
            .ok_or("no date")?
            .parse()?;
        let residents = residents(&mut clerk).await?;
        let services = services(&mut clerk, residents[0]).await?;
        Ok(Self {
            program,
            file,
            residents,
            services,
            today,
            clerk,
        })
    }

    /// Somebody more at the desk.
    pub async fn clerk(&self) -> Result<Client, Failed> {
        self.clerk.another().await
    }

    /// Memory that the program has at the moment, in millions of bytes.
    pub fn memory_mb(&self) -> Result<f64, Failed> {
        let id = self.program.id().ok_or("the program has ended")?;
        let status = std::fs::read_to_string(format!("/proc/{id}/status"))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kib: f64 = line
            .and_then(|text| text.split_whitespace().next())
            .ok_or("no figure of memory")?
            .parse()?;
        Ok(kib * 1024.0 / 1e6)
    }

    /// Stops it; gives its database.
    pub async fn stop(mut self) -> Result<PathBuf, Failed> {
        let id = self.program.id().ok_or("the program has ended")?;
        Command::new("kill")
            .args(["-TERM", &id.to_string()])
            .status()
            .await?;
        self.program.wait().await?;
        Ok(self.file)
    }
}

async fn ready(host: &str) -> Result<Client, Failed> {
    for _ in 0..1_200 {
        if let Ok(mut client) = Client::connect(host).await
            && client.get("/readyz").await.is_ok()
        {
            return Ok(client);
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Err("the program was not ready within a minute".into())
}

/// Some hundreds of the roll, page by page.
async fn residents(clerk: &mut Client) -> Result<Vec<i64>, Failed> {
    let (mut ids, mut path) = (Vec::new(), "/api/roll".to_owned());
    while ids.len() < RESIDENTS {
        let page = clerk.get(&path).await?.json()?;
        let rows = page["rows"].as_array().ok_or("no roll")?;
        ids.extend(rows.iter().filter_map(|row| row["id"].as_i64()));
        match page["next"].as_str() {
            Some(next) => path = format!("/api/roll?after={next}"),
            None => break,
        }
    }
    Ok(ids)
}

async fn services(clerk: &mut Client, resident: i64) -> Result<Vec<String>, Failed> {
    let catalogue = clerk
        .get(&format!("/api/residents/{resident}/catalogue"))
        .await?
        .json()?;
    let all = catalogue
        .as_array()
        .ok_or("no catalogue")?
        .iter()
        .filter_map(|category| category["services"].as_array())
        .flatten();
    let short = all.filter(|service| {
        service["bookable"] == true
            && service["crew_size"] == 1
            && service["duration_min"]
                .as_i64()
                .is_some_and(|minutes| minutes <= 30)
    });
    let codes: Vec<String> = short
        .filter_map(|service| service["code"].as_str().map(str::to_owned))
        .collect();
    if codes.is_empty() {
        return Err("the catalogue has no short service".into());
    }
    Ok(codes)
}
