//! The disk is full: whoever wants to change something is told so clearly, whoever looks goes on looking, and as soon as
//! there is room again everything works, without a hand. Nothing that was refused is there, nothing acknowledged is lost.

use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use entity::visit;
use sea_orm::{EntityTrait, PaginatorTrait};

use super::browser::Browser;
use super::load::Load;
use super::place::{Place, Program};
use super::size;
use super::slots::{self, claim, desk};
use crate::support::On;

/// What fills the disk, and makes room again.
enum Ceiling {
    /// A small disk of its own, with a file in it that takes the rest.
    Disk,
    /// A machine that lets nobody make one: the kernel refuses what would grow a file.
    Files,
}

impl Ceiling {
    /// A disk where one can be made.
    fn over(place: &Place) -> Self {
        let folder = place.folder().join("disk");
        std::fs::create_dir(&folder).unwrap();
        let made = Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=64m", "tmpfs"])
            .arg(&folder)
            .output();
        match made {
            Ok(made) if made.status.success() => Self::Disk,
            _ => Self::Files,
        }
    }

    fn fill(&self, place: &Place, program: &Program) {
        match self {
            Self::Disk => {
                let ballast = place.folder().join("disk/ballast");
                let mut file = std::fs::File::create(ballast).unwrap();
                let piece = vec![0; 4096];
                while std::io::Write::write_all(&mut file, &piece).is_ok() {}
            }
            Self::Files => limit(program, "8192"),
        }
    }

    fn empty(&self, place: &Place, program: &Program) {
        match self {
            Self::Disk => std::fs::remove_file(place.folder().join("disk/ballast")).unwrap(),
            Self::Files => limit(program, "unlimited"),
        }
    }

    fn take_away(&self, place: &Place) {
        if matches!(self, Self::Disk) {
            let gone = Command::new("umount")
                .arg("-l")
                .arg(place.folder().join("disk"))
                .status();
            assert!(gone.unwrap().success());
        }
    }
}

fn limit(program: &Program, bytes: &str) {
    let set = Command::new("prlimit")
        .args([
            "--pid",
            &program.id().to_string(),
            &format!("--fsize={bytes}:unlimited"),
        ])
        .status();
    assert!(set.unwrap().success());
}

/// The program in a shell that lets it live where a file may not grow, as it would on a full disk.
fn spared(place: &Place) -> Command {
    let program = place.command(&["serve"]);
    let mut shell = Command::new("sh");
    shell
        .args(["-c", "trap '' XFSZ; exec \"$0\" \"$@\""])
        .arg(program.get_program())
        .args(program.get_args())
        .current_dir(place.folder());
    for (name, value) in program.get_envs() {
        shell.env(name, value.unwrap());
    }
    shell
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_refuses_clearly_and_recovers_by_itself() {
    let mut place = Place::open(On::Sqlite, 20).await;
    let ceiling = Ceiling::over(&place);
    place.move_to("disk").await;
    let program = place
        .start_as(spared(&place), super::place::free_port())
        .await;
    let mut clerk = Browser::enter(&program.address, "clerk").await;
    let todo = Arc::new(slots::all(20, 15));
    let load = Load::begin(&clerk, &program.address, &desk(&place), 8, &todo);
    tokio::time::sleep(Duration::from_secs(1)).await;
    ceiling.fill(&place, &program);
    tokio::time::sleep(Duration::from_secs(size::of(2, 20))).await;

    // Looking goes on; changing is refused in words, with a time to come back.
    clerk.get("/api/me").await.unwrap().ok();
    let last = todo.last().unwrap();
    let told = claim(&mut clerk, &desk(&place), last, None).await.unwrap();
    assert_eq!(told.status, 503, "{}", told.text);
    assert_eq!(told.json()["type"], "/problems/unavailable");
    assert!(told.headers.contains_key("retry-after"));

    ceiling.empty(&place, &program);
    tokio::time::sleep(Duration::from_secs(2)).await;
    let told = claim(&mut clerk, &desk(&place), last, None).await.unwrap();
    assert_eq!(told.status, 201, "as before, without a hand: {}", told.text);
    let asked = load.end().await;
    let wrong: Vec<_> = asked
        .iter()
        .filter_map(|one| one.told.as_ref())
        .filter(|told| ![201, 503].contains(&told.status.as_u16()))
        .collect();
    assert!(wrong.is_empty(), "{:?}", wrong[0]);
    let booked = asked.iter().filter(|one| one.booking().is_some()).count() + 1;
    let refused = asked.len() + 1 - booked;
    println!("{booked} booked, {refused} refused");
    assert!(refused > 0, "the disk was never full");
    let stand = visit::Entity::find()
        .count(place.store().await.read())
        .await
        .unwrap();
    assert_eq!(
        usize::try_from(stand).unwrap(),
        booked,
        "what is there is what was acknowledged"
    );
    assert!(program.stop().await.success());
    place.agrees().await;
    ceiling.take_away(&place);
    place.close().await;
}
