//! The roll from the command line: what it says, how it ends, and how much memory a long roll needs.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use entity::resident;
use sea_orm::{EntityTrait, PaginatorTrait};

use crate::both;
use crate::roll_import::many;
use crate::support::House;
use crate::support::workbook::{roll, workbook};

struct Ran {
    code: Option<i32>,
    out: String,
    err: String,
    /// The most memory it held at once, in megabytes.
    peak_mb: u64,
    took: Duration,
}

/// Runs the program on the house's database.
async fn program(house: &House, typed: &[&str]) -> Ran {
    let mut command = Command::new(env!("CARGO_BIN_EXE_yinling"));
    command
        .env_clear()
        .env("YINLING_DATABASE_URL", &house.app.settings.database_url)
        .current_dir(folder(house))
        .args(typed)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    tokio::task::spawn_blocking(move || {
        let began = Instant::now();
        let child = command.spawn().unwrap();
        let status = format!("/proc/{}/status", child.id());
        let ended = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
        let over = std::sync::Arc::clone(&ended);
        let watch = std::thread::spawn(move || {
            let mut peak = 0;
            while !over.load(std::sync::atomic::Ordering::Relaxed) {
                let text = std::fs::read_to_string(&status).unwrap_or_default();
                let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
                let held =
                    line.and_then(|line| line.trim().trim_end_matches("kB").trim().parse().ok());
                peak = peak.max(held.unwrap_or(0));
                std::thread::sleep(Duration::from_millis(10));
            }
            peak / 1024
        });
        let done = child.wait_with_output().unwrap();
        ended.store(true, std::sync::atomic::Ordering::Relaxed);
        Ran {
            code: done.status.code(),
            out: String::from_utf8(done.stdout).unwrap(),
            err: String::from_utf8(done.stderr).unwrap(),
            peak_mb: watch.join().unwrap(),
            took: began.elapsed(),
        }
    })
    .await
    .unwrap()
}

fn folder(house: &House) -> &Path {
    house.mail.parent().unwrap()
}

fn put(house: &House, name: &str, file: &[u8]) -> String {
    let path = folder(house).join(name);
    std::fs::write(&path, file).unwrap();
    path.display().to_string()
}

async fn on_roll(house: &House) -> u64 {
    resident::Entity::find()
        .count(house.app.store.read())
        .await
        .unwrap()
}

both!(
    good_rows_are_written_only_when_they_are_wanted,
    async |house: &House| {
        let good = [
            "周桂英",
            "女",
            "1950-02-03",
            "3",
            "1",
            "302",
            "",
            "独居",
            "",
            "",
        ];
        let mut bad = good;
        bad[2] = "昨天";
        bad[0] = "周桂花";
        let mixed = put(house, "mixed.xlsx", &roll(&[good, bad]));
        let told = program(house, &["import", "roll", &mixed]).await;
        assert_eq!(told.code, Some(1), "{} {}", told.out, told.err);
        assert!(
            told.out.contains("2 rows: 1 new") && told.out.contains("row 3, C3"),
            "{}",
            told.out
        );
        assert!(told.err.contains("nothing was written"), "{}", told.err);
        assert_eq!(on_roll(house).await, 3);
        let told = program(house, &["import", "roll", "--dry-run", &mixed]).await;
        assert_eq!((told.code, on_roll(house).await), (Some(1), 3));
        let told = program(house, &["import", "roll", "--good-rows", &mixed]).await;
        assert_eq!(told.code, Some(0), "{} {}", told.out, told.err);
        assert!(
            told.out.contains("Written: 1 new, 0 changed."),
            "{}",
            told.out
        );
        assert_eq!(on_roll(house).await, 4);
        let again = put(house, "good.xlsx", &roll(&[good]));
        let told = program(house, &["import", "roll", &again]).await;
        assert_eq!(told.code, Some(0), "{}", told.err);
        assert!(told.out.contains("nothing to write"), "{}", told.out);
        let kept = entity::roll_import::Entity::find()
            .count(house.app.store.read())
            .await
            .unwrap();
        assert_eq!(kept, 0, "what was read is not kept");
    }
);

both!(
    refused_is_one_and_used_wrongly_two,
    async |house: &House| {
        let other = put(house, "menu.xlsx", &workbook(&[vec!["菜名", "价格"]]));
        for (typed, code, word) in [
            (vec!["import", "roll", "nowhere.xlsx"], 1, "no file"),
            (vec!["import", "roll", &other], 1, "No headings"),
            (vec!["import", "roll"], 2, "Usage"),
            (
                vec!["import", "roll", "--dry-run", "--good-rows", &other],
                2,
                "cannot be used with",
            ),
            (vec!["import", "menu", &other], 2, "Usage"),
            (vec!["export", "roll", &other], 1, "there already"),
            (
                vec!["export", "roll", "no/such/folder.xlsx"],
                1,
                "no folder",
            ),
            (
                vec!["export", "roll", "new.xlsx", "--lang", "fr"],
                2,
                "zh or en",
            ),
        ] {
            let told = program(house, &typed).await;
            assert_eq!(
                told.code,
                Some(code),
                "{typed:?}: {} {}",
                told.out,
                told.err
            );
            assert!(told.err.contains(word), "{typed:?}: {}", told.err);
        }
        for typed in [
            &["import", "roll", "--help"][..],
            &["export", "roll", "--help"],
        ] {
            let told = program(house, typed).await;
            assert_eq!(told.code, Some(0));
            assert!(told.out.contains(".xlsx"), "{}", told.out);
        }
    }
);

both!(the_roll_goes_out_and_comes_back, async |house: &House| {
    let told = program(house, &["export", "roll", "out.xlsx"]).await;
    assert_eq!(told.code, Some(0), "{}", told.err);
    assert!(told.out.starts_with("3 files are in "), "{}", told.out);
    let told = program(house, &["import", "roll", "out.xlsx"]).await;
    assert!(told.out.contains("3 the same"), "{} {}", told.out, told.err);
});

/// Megabytes that a program which reads, judges, writes and exports a hundred thousand rows may hold at once.
const BOUND_MB: u64 = 256;

both!(
    a_hundred_thousand_rows_need_no_more_than_their_memory,
    async |house: &House| {
        let file = put(house, "many.xlsx", &many(100_000));
        let told = program(house, &["import", "roll", &file]).await;
        assert_eq!(told.code, Some(0), "{} {}", told.out, told.err);
        assert!(told.out.contains("Written: 100000 new"), "{}", told.out);
        assert!(
            told.err.contains("rows read: 100000"),
            "its progress is told: {}",
            told.err
        );
        println!("import of 100,000: {} MB, {:?}", told.peak_mb, told.took);
        assert!(told.peak_mb < BOUND_MB, "{} MB", told.peak_mb);
        let told = program(house, &["export", "roll", "out.xlsx"]).await;
        assert_eq!(told.code, Some(0), "{}", told.err);
        println!("export of 100,003: {} MB, {:?}", told.peak_mb, told.took);
        assert!(told.peak_mb < BOUND_MB, "{} MB", told.peak_mb);
        found_fast(house).await;
    }
);

/// With a hundred thousand on the roll every way to search answers quickly, and every page as quickly as the first.
async fn found_fast(house: &House) {
    let mut clerk = house.enter(house.at.clerk).await;
    for asked in [
        "",
        "wxy",
        "王桂芳",
        "3-2-501",
        "3",
        "501",
        "0001",
        "13900012345",
    ] {
        let began = Instant::now();
        let page = clerk.search("roll", asked).await.ok();
        let took = began.elapsed();
        println!(
            "searched “{asked}”: {} rows, {took:?}",
            page["rows"].as_array().unwrap().len()
        );
        assert!(took < Duration::from_secs(2), "{asked}: {took:?}");
        let began = Instant::now();
        clerk.search("households", asked).await.ok();
        println!("  the clerk's search: {:?}", began.elapsed());
        assert!(began.elapsed() < Duration::from_secs(2), "{asked}");
    }
    let began = Instant::now();
    let deep = clerk.get("/api/roll?after=1.zzz").await.ok();
    println!("a page at the end: {:?}", began.elapsed());
    assert_eq!(deep["rows"].as_array().unwrap().len(), 0);
    assert!(began.elapsed() < Duration::from_secs(2));
    let began = Instant::now();
    clerk.get("/api/roll/duplicates").await.ok();
    println!("pairs: {:?}", began.elapsed());
}
