//! Workbooks: what each row would do, the good rows or nothing, what cannot be read, and out again.

use std::io::Cursor;
use std::time::{Duration, Instant};

use axum::http::StatusCode;
use calamine::{Reader, Xlsx};
use entity::words::{ImportState, ResidentState};
use entity::{access_log, assessment, audit, household, resident, roll_import, roll_import_row};
use rust_xlsxwriter::{ExcelDateTime, Format};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::{Value, json};
use yinling::residents::import::watch;

use crate::both;
use crate::support::House;
use crate::support::client::Client;
use crate::support::workbook::{
    HEAD, NO_WORDS, bomb, inline_row, made, raw, roll, sheet, workbook, zipped,
};

/// Waits until an import is no longer read or written.
pub async fn settled(client: &mut Client, id: &Value) -> Value {
    let began = Instant::now();
    loop {
        let found = client.get(&format!("/api/roll/imports/{id}")).await.ok();
        if found["state"] != "reading" && found["state"] != "writing" {
            return found;
        }
        assert!(began.elapsed() < Duration::from_secs(120), "{found}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// Uploads a workbook and waits until its rows are judged.
async fn judged(client: &mut Client, file: Vec<u8>) -> Value {
    let begun = client
        .upload("roll.xlsx", file)
        .await
        .expect(StatusCode::ACCEPTED);
    settled(client, &begun["id"]).await
}

async fn rows(client: &mut Client, import: &Value, which: &str) -> Vec<Value> {
    let path = format!("/api/roll/imports/{}/rows{which}", import["id"]);
    client.get(&path).await.ok()["rows"]
        .as_array()
        .unwrap()
        .clone()
}

async fn write(client: &mut Client, import: &Value, good: u64) -> Value {
    client
        .post(
            &format!("/api/roll/imports/{}/write", import["id"]),
            json!({"rows": good}),
        )
        .await
        .expect(StatusCode::ACCEPTED);
    settled(client, &import["id"]).await
}

async fn on_roll(house: &House) -> u64 {
    resident::Entity::find()
        .count(house.app.store.read())
        .await
        .unwrap()
}

async fn named(house: &House, name: &str) -> resident::Model {
    resident::Entity::find()
        .filter(resident::Column::Name.eq(name))
        .one(house.app.store.read())
        .await
        .unwrap()
        .unwrap_or_else(|| panic!("{name} is not on the roll"))
}

/// One of each outcome: new, changed, the same, perhaps known, refused.
fn one_of_each() -> Vec<u8> {
    roll(&[
        [
            "周桂英",
            "女",
            "1950年2月3日",
            "3栋",
            "1",
            "302",
            "138 1234 5678",
            "独居",
            "",
            "听力不好",
        ],
        [
            "王桂芳",
            "女",
            "1941-03-08",
            "3",
            "2",
            "501",
            "13711112222",
            "独居",
            "",
            "",
        ],
        [
            "李建国",
            "男",
            "1941-03-08",
            "5",
            "1",
            "201",
            "",
            "",
            "",
            "",
        ],
        [
            "赵敏",
            "女",
            "1941-03-08",
            "3",
            "1",
            "101",
            "",
            "独居",
            "",
            "",
        ],
        [
            "孙三",
            "女",
            "1941-02-30",
            "99",
            "1",
            "101",
            "12",
            "独居",
            "2",
            "",
        ],
    ])
}

both!(
    every_row_has_its_outcome_and_nothing_is_written,
    async |house: &House| {
        let mut clerk = house.enter(house.at.clerk).await.english();
        let import = judged(&mut clerk, one_of_each()).await;
        assert_eq!(import["state"], "checked", "{import}");
        assert_eq!(
            import["counts"],
            json!({"new": 1, "changed": 1, "same": 1, "duplicate": 1, "decided": 0, "refused": 1})
        );
        assert_eq!(import["file_name"], "roll.xlsx");
        let all = rows(&mut clerk, &import, "").await;
        let outcomes: Vec<&str> = all
            .iter()
            .map(|row| row["outcome"].as_str().unwrap())
            .collect();
        assert_eq!(outcomes, ["new", "changed", "same", "duplicate", "refused"]);
        assert_eq!(all[0]["row"], 2);
        // What changes, with what is known beside it.
        assert_eq!(all[1]["match_id"], json!(house.at.mother));
        assert_eq!(all[1]["remarks"][0]["column"], "Phone");
        assert_eq!(all[1]["remarks"][0]["before"], "13900000001");
        assert_eq!(all[1]["remarks"][0]["after"], "13711112222");
        assert_eq!(all[2]["remarks"], json!([]));
        assert_eq!(all[3]["match_id"], json!(house.at.neighbour));
        // Every cell that is wrong, by its name.
        let cells: Vec<&str> = all[4]["remarks"]
            .as_array()
            .unwrap()
            .iter()
            .map(|remark| remark["cell"].as_str().unwrap())
            .collect();
        assert_eq!(cells, ["C6", "G6", "D6", "I6"], "{}", all[4]);
        let refused = rows(&mut clerk, &import, "?outcome=refused").await;
        assert_eq!(refused.len(), 1);
        assert_eq!(on_roll(house).await, 3);
        assert_eq!(
            named(house, "王桂芳").await.phone.as_deref(),
            Some("13900000001")
        );
    }
);

both!(
    the_good_rows_are_written_and_the_others_are_not,
    async |house: &House| {
        let mut clerk = house.enter(house.at.clerk).await;
        let import = judged(&mut clerk, one_of_each()).await;
        let path = format!("/api/roll/imports/{}/write", import["id"]);
        // Whoever saw another number of good rows has not seen these.
        clerk
            .post(&path, json!({"rows": 3}))
            .await
            .refused(StatusCode::CONFLICT, "stale");
        let done = write(&mut clerk, &import, 2).await;
        assert_eq!(done["state"], "written", "{done}");
        assert_eq!(on_roll(house).await, 4);
        let new = named(house, "周桂英").await;
        assert_eq!((new.initials.as_str(), new.version), ("zgy", 1));
        assert_eq!(new.birth_date, "1950-02-03".parse().unwrap());
        assert_eq!(new.phone.as_deref(), Some("13812345678"));
        assert_eq!(new.safety_note.as_deref(), Some("听力不好"));
        let home = household::Entity::find_by_id(new.household_id)
            .one(house.app.store.read())
            .await
            .unwrap()
            .unwrap();
        assert_eq!((home.door_key.as_str(), home.floor), ("3-1-302", 3));
        let mother = named(house, "王桂芳").await;
        assert_eq!(mother.phone.as_deref(), Some("13711112222"));
        assert_eq!(
            mother.safety_note.as_deref(),
            Some("听力不好，请大声"),
            "an empty cell takes nothing away"
        );
        // Again is not twice.
        clerk
            .post(&path, json!({"rows": 2}))
            .await
            .refused(StatusCode::CONFLICT, "not-now");
        let again = judged(&mut clerk, one_of_each()).await;
        assert_eq!(again["counts"]["new"], 0);
        assert_eq!(again["counts"]["same"], 3);
        let history = clerk.get(&format!("/api/roll/{}", new.id)).await.ok();
        assert_eq!(history["history"][0]["what"], "由表格加入花名册");
    }
);

both!(
    a_person_decides_on_those_who_may_be_known,
    async |house: &House| {
        let mut clerk = house.enter(house.at.clerk).await;
        let file = roll(&[
            [
                "赵敏",
                "女",
                "1941-03-08",
                "3",
                "1",
                "101",
                "",
                "独居",
                "",
                "",
            ],
            [
                "李建国",
                "男",
                "1941-03-08",
                "3",
                "1",
                "102",
                "",
                "空巢",
                "",
                "",
            ],
        ]);
        let import = judged(&mut clerk, file).await;
        assert_eq!(import["counts"]["duplicate"], 2);
        let decision = |row: i32| format!("/api/roll/imports/{}/rows/{row}/decision", import["id"]);
        clerk
            .post(
                &format!("/api/roll/imports/{}/write", import["id"]),
                json!({"rows": 0}),
            )
            .await
            .refused(StatusCode::CONFLICT, "stale");
        let row = clerk
            .post(&decision(2), json!({"decision": "same"}))
            .await
            .ok();
        assert_eq!(row["decision"], "same");
        clerk
            .post(&decision(3), json!({"decision": "new"}))
            .await
            .ok();
        clerk
            .post(&decision(3), json!({"decision": null}))
            .await
            .ok();
        clerk
            .post(&decision(3), json!({"decision": "new"}))
            .await
            .ok();
        clerk
            .post(&decision(4), json!({"decision": "new"}))
            .await
            .refused(StatusCode::NOT_FOUND, "not-found");
        let done = write(&mut clerk, &import, 2).await;
        assert_eq!(done["state"], "written", "{done}");
        assert_eq!(on_roll(house).await, 4, "one moved, one is new");
        let moved = clerk
            .get(&format!("/api/roll/{}", house.at.neighbour))
            .await
            .ok();
        assert_eq!(moved["door"], "3栋1单元101");
        let pairs = clerk.get("/api/roll/duplicates").await.ok();
        assert_eq!(
            pairs.as_array().unwrap().len(),
            1,
            "the two of one name and birth are shown: {pairs}"
        );
    }
);

both!(
    who_comes_back_by_a_workbook_has_their_series_again,
    async |house: &House| {
        let mut clerk = house.enter(house.at.clerk).await;
        let who = house.at.neighbour;
        let weekly = json!({"service": "MEAL", "rule": "FREQ=WEEKLY;BYDAY=TU,FR", "first_date": "2026-11-24",
            "start_min": 600, "on_holiday": "skip"});
        clerk
            .post(&format!("/api/residents/{who}/series"), weekly)
            .await
            .created();
        clerk
            .post(
                &format!("/api/roll/{who}/leave"),
                json!({"how": "moved", "on": "2026-11-24"}),
            )
            .await
            .ok();
        assert_eq!(clerk.get("/api/series").await.ok(), json!([]));
        house
            .clock
            .set(House::morning() + chrono::TimeDelta::days(10));
        let known = roll(&[[
            "赵敏",
            "女",
            "1941-03-08",
            "5",
            "1",
            "202",
            "",
            "独居",
            "",
            "",
        ]]);
        let import = judged(&mut clerk, known).await;
        let path = format!("/api/roll/imports/{}/rows/2/decision", import["id"]);
        clerk.post(&path, json!({"decision": "same"})).await.ok();
        let done = write(&mut clerk, &import, 1).await;
        assert_eq!(done["state"], "written", "{done}");
        let running = clerk.get("/api/series").await.ok();
        assert_eq!(running[0]["resident_id"], json!(who));
        // The clock makes what is due: four weeks, twice a week.
        yinling::series::generate::pass(&house.app).await.unwrap();
        let shown = clerk
            .get(&format!("/api/series/{}", running[0]["id"]))
            .await
            .ok();
        let dates = shown["dates"].as_array().unwrap().iter();
        assert!(
            dates.filter(|date| date["became"] == "booked").count() >= 3,
            "{shown}"
        );
    }
);

both!(
    where_the_roll_has_changed_since_nothing_is_written,
    async |house: &House| {
        let mut clerk = house.enter(house.at.clerk).await;
        let import = judged(&mut clerk, one_of_each()).await;
        let person = json!({"name": "周桂英", "sex": "female", "birth_date": "1950-02-03", "living": "alone"});
        clerk
            .post(
                "/api/roll",
                json!({"person": person, "door": {"building": "3", "entrance": 1, "flat": "302"}}),
            )
            .await
            .created();
        let told = write(&mut clerk, &import, 2).await;
        assert_eq!(told["state"], "checked");
        assert!(
            told["why"].as_str().unwrap().contains("什么都没有写入"),
            "{told}"
        );
        assert_eq!(on_roll(house).await, 4);
        assert_eq!(
            named(house, "王桂芳").await.phone.as_deref(),
            Some("13900000001"),
            "not the half of it"
        );
    }
);

both!(a_row_stands_for_one_person_once, async |house: &House| {
    let mut clerk = house.enter(house.at.clerk).await;
    let line = [
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
    let mut elsewhere = line;
    elsewhere[5] = "303";
    let import = judged(&mut clerk, roll(&[line, elsewhere])).await;
    assert_eq!(import["counts"]["new"], 1);
    let refused = rows(&mut clerk, &import, "?outcome=refused").await;
    assert!(
        refused[0]["remarks"][0]["sentence"]
            .as_str()
            .unwrap()
            .contains("第 2 行"),
        "{refused:?}"
    );
});

both!(
    headings_and_cells_are_read_as_offices_write_them,
    async |house: &House| {
        let mut clerk = house.enter(house.at.clerk).await;
        let date = Format::new().set_num_format("yyyy-mm-dd");
        let file = made(|page| {
            page.merge_range(0, 0, 0, 6, "东方小区老年人花名册", &Format::new())
                .unwrap();
            let head = [
                "序号",
                "*姓 名（必填）",
                "身份证号码",
                "家庭住址",
                "联系电话",
                "居住状况",
                "生日",
                "爱好",
            ];
            for (at, text) in (0..).zip(head) {
                page.write_string(1, at, text).unwrap();
            }
            page.write_number(2, 0, 1.0).unwrap();
            page.write_string(2, 1, "钱秀兰").unwrap();
            page.write_string(2, 2, "420606194103080021").unwrap();
            page.write_string(2, 3, "东方小区3号楼2单元601室").unwrap();
            page.write_number(2, 4, 13_812_345_678.0).unwrap();
            page.write_string(2, 5, "与子女同住").unwrap();
            page.write_number(3, 0, 2.0).unwrap();
            page.write_string(3, 1, "吴国华").unwrap();
            page.write_string(3, 3, "5-1-302").unwrap();
            page.write_string(3, 5, "空巢").unwrap();
            let moment = ExcelDateTime::from_ymd(1947, 10, 1).unwrap();
            page.write_datetime_with_format(3, 6, &moment, &date)
                .unwrap();
        });
        let import = judged(&mut clerk, file).await;
        assert_eq!(import["unknown"], json!(["爱好"]));
        assert_eq!(import["counts"]["new"], 1, "{import}");
        let all = rows(&mut clerk, &import, "").await;
        // The second has no sex: no card and no column says it.
        assert_eq!(all[1]["outcome"], "refused");
        assert!(
            all[1]["remarks"][0]["sentence"]
                .as_str()
                .unwrap()
                .contains("性别")
        );
        write(&mut clerk, &import, 1).await;
        let new = named(house, "钱秀兰").await;
        assert_eq!(new.birth_date, "1941-03-08".parse().unwrap());
        assert_eq!(new.phone.as_deref(), Some("13812345678"));
        let text = format!("{new:?}");
        assert!(!text.contains("420606"), "the number itself is not kept");
    }
);

/// What stands in the first row of a workbook's first sheet.
fn headings(file: &[u8]) -> Vec<String> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(file)).unwrap();
    let sheet = book.sheet_names()[0].clone();
    let range = book.worksheet_range(&sheet).unwrap();
    range
        .rows()
        .next()
        .unwrap()
        .iter()
        .map(ToString::to_string)
        .collect()
}

both!(
    the_template_that_is_downloaded_is_understood_when_it_comes_back,
    async |house: &House| {
        let chinese = house.enter(house.at.clerk).await;
        let english = chinese.clone().english();
        for (mut clerk, name, born, some) in [
            (
                chinese,
                "吴大妈",
                "1950-02-03",
                ["姓名", "出生日期", "楼栋", "本人电话", "注意事项"],
            ),
            (
                english,
                "吴二妈",
                "1951-06-07",
                ["Name", "Date of birth", "Building", "Phone", "To mind"],
            ),
        ] {
            let file = clerk.get("/api/roll/template").await;
            assert_eq!(file.status, StatusCode::OK);
            assert!(
                file.headers["content-disposition"]
                    .to_str()
                    .unwrap()
                    .contains("roll-template.xlsx")
            );
            let heads = headings(&file.bytes);
            assert!(
                some.iter().all(|head| heads.iter().any(|one| one == head)),
                "{heads:?}"
            );
            // As it is: every column is known, and nobody is in it, which is said.
            let import = judged(&mut clerk, file.bytes).await;
            assert_eq!(import["state"], "refused", "{import}");
            assert_eq!(import["columns"], json!(heads));
            assert_eq!(
                (&import["unknown"], &import["rows"]),
                (&json!([]), &json!(0))
            );
            // Filled in below its own headings.
            let filled: Vec<&str> = heads
                .iter()
                .map(|head| match head.as_str() {
                    "姓名" | "Name" => name,
                    "性别" | "Sex" => "女",
                    "出生日期" | "Date of birth" => born,
                    "楼栋" | "Building" => "3",
                    "单元" | "Entrance" => "1",
                    "室号" | "Flat" => "302",
                    "本人电话" | "Phone" => "13812345678",
                    "居住情况" | "Living" => "独居",
                    "注意事项" | "To mind" => "听力不好",
                    _ => "",
                })
                .collect();
            let heads: Vec<&str> = heads.iter().map(String::as_str).collect();
            let import = judged(&mut clerk, workbook(&[heads, filled])).await;
            let all = rows(&mut clerk, &import, "").await;
            assert_eq!(import["counts"]["refused"], 0, "{all:?}");
            let good = import["counts"]["new"].as_u64().unwrap();
            assert_eq!(good, 1, "{all:?}");
            write(&mut clerk, &import, good).await;
            let new = named(house, name).await;
            assert_eq!(new.phone.as_deref(), Some("13812345678"));
            assert_eq!(new.safety_note.as_deref(), Some("听力不好"));
        }
    }
);

both!(
    an_assessment_comes_with_its_assessor_or_not_at_all,
    async |house: &House| {
        let mut clerk = house.enter(house.at.clerk).await;
        let head = vec!["编号", "姓名", "能力等级", "评估日期", "评估人", "有效期至"];
        let mother = house.at.mother.to_string();
        let neighbour = house.at.neighbour.to_string();
        let file = workbook(&[
            head,
            vec![
                &mother,
                "王桂芳",
                "3级",
                "2026-10-01",
                "李评估师",
                "2028-09-30",
            ],
            vec![&neighbour, "赵敏", "2"],
            vec!["99999", "查无此人", "1", "2026-10-01", "李评估师"],
        ]);
        let import = judged(&mut clerk, file).await;
        assert_eq!(import["counts"]["changed"], 1, "{import}");
        assert_eq!(import["counts"]["refused"], 2);
        write(&mut clerk, &import, 1).await;
        let file = clerk.get(&format!("/api/roll/{mother}")).await.ok();
        assert_eq!(file["ability_level"], 3);
        assert_eq!(file["assessments"][0]["assessor"], "李评估师");
        let kept = assessment::Entity::find()
            .count(house.app.store.read())
            .await
            .unwrap();
        assert_eq!(kept, 1);
    }
);

both!(
    merged_cells_are_refused_where_they_hide_what_a_row_says,
    async |house: &House| {
        let mut clerk = house.enter(house.at.clerk).await;
        let file = made(|page| {
            for (at, text) in (0..).zip(HEAD) {
                page.write_string(0, at, text).unwrap();
            }
            for (row, name) in [(1, "周一"), (2, "周二二"), (3, "周三三")] {
                for (at, text) in [
                    (0, name),
                    (1, "女"),
                    (2, "1950-02-03"),
                    (4, "1"),
                    (5, "302"),
                    (7, "独居"),
                ] {
                    let text = if at == 5 {
                        format!("30{row}")
                    } else {
                        text.to_owned()
                    };
                    page.write_string(row, at, text.replace("周一", "周一一"))
                        .unwrap();
                }
            }
            page.merge_range(1, 3, 2, 3, "3", &Format::new()).unwrap();
            page.write_string(3, 3, "3").unwrap();
        });
        let import = judged(&mut clerk, file).await;
        let all = rows(&mut clerk, &import, "").await;
        assert_eq!(all[0]["outcome"], "refused");
        assert_eq!(all[1]["outcome"], "refused");
        assert_eq!(all[1]["remarks"][0]["cell"], "D2:D3");
        assert_eq!(all[2]["outcome"], "new", "{}", all[2]);
    }
);

/// Files that are no roll, each with a word of what is said to that.
fn unreadable() -> Vec<(&'static str, Vec<u8>, &'static str)> {
    let locked: Vec<u8> = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]
        .into_iter()
        .chain([0; 4096])
        .chain("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes))
        .collect();
    let old = vec![0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, 0, 0, 0];
    let good = one_of_each();
    let words = |count: &str| {
        format!(r#"<?xml version="1.0"?><sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" count="1" uniqueCount="{count}"><si><t>x</t></si></sst>"#)
            .into_bytes()
    };
    let head = inline_row(1, &["姓名", "性别", "出生日期"]);
    let million: String = (2..=1_000_001)
        .map(|row| format!(r#"<row r="{row}"/>"#))
        .collect();
    let endless = format!("{head}{}", inline_row(2, &[&"长".repeat(1_000_000)]));
    let mut merged = String::from_utf8(sheet(&head)).unwrap();
    let areas: String = (1..3_000)
        .map(|row| format!(r#"<mergeCell ref="A{row}:B{row}"/>"#))
        .collect();
    merged = merged.replace(
        "</sheetData>",
        &format!("</sheetData><mergeCells>{areas}</mergeCells>"),
    );
    vec![
        ("nothing", Vec::new(), "空的"),
        ("text", "姓名,性别\n王桂兰,女\n".into(), "不是 .xlsx"),
        (
            "a page",
            b"<html><table></table></html>".to_vec(),
            "不是 .xlsx",
        ),
        ("an old workbook", old, "旧的 .xls"),
        ("a locked workbook", locked, "密码"),
        (
            "a letter",
            zipped(&[("word/document.xml", b"<w/>")]),
            "不是 .xlsx",
        ),
        ("half a workbook", good[..good.len() / 2].to_vec(), "损坏"),
        (
            "other headings",
            workbook(&[vec!["菜名", "价格"], vec!["米饭", "1"]]),
            "没有找到花名册的表头",
        ),
        ("headings alone", workbook(&[HEAD.to_vec()]), "没有内容"),
        (
            "a million empty rows",
            raw(&sheet(&format!("{head}{million}")), NO_WORDS),
            "没有内容",
        ),
        (
            "a cell without end",
            raw(&sheet(&endless), NO_WORDS),
            "太大",
        ),
        ("a bomb", bomb(), "太大"),
        (
            "room for too many words",
            raw(&sheet(&head), &words("99999999999")),
            "太大",
        ),
        (
            "broken XML",
            raw(b"<worksheet><sheetData><row></worksheet>", NO_WORDS),
            "读不下去",
        ),
        (
            "rows in disorder",
            raw(
                &sheet(&format!(
                    "{head}{}{}",
                    inline_row(9, &["王桂兰"]),
                    inline_row(3, &["李国富"])
                )),
                NO_WORDS,
            ),
            "读不下去",
        ),
        (
            "a word that is not there",
            raw(
                &sheet(&format!(
                    r#"{head}<row r="2"><c r="A2" t="s"><v>7</v></c></row>"#
                )),
                NO_WORDS,
            ),
            "",
        ),
        (
            "too many merged cells",
            raw(merged.as_bytes(), NO_WORDS),
            "合并单元格太多",
        ),
    ]
}

both!(
    what_is_no_roll_is_refused_with_what_to_do,
    async |house: &House| {
        let mut clerk = house.enter(house.at.clerk).await;
        for (what, file, said) in unreadable() {
            let began = Instant::now();
            let import = judged(&mut clerk, file).await;
            assert_eq!(import["state"], "refused", "{what}: {import}");
            let why = import["why"].as_str().unwrap();
            assert!(why.contains(said), "{what}: {why}");
            assert!(why.contains("请"), "{what} says what to do: {why}");
            assert!(
                began.elapsed() < Duration::from_secs(30),
                "{what} took {:?}",
                began.elapsed()
            );
        }
        assert_eq!(on_roll(house).await, 3);
        let kept = roll_import_row::Entity::find()
            .count(house.app.store.read())
            .await
            .unwrap();
        assert_eq!(kept, 0, "nothing half done");
    }
);

both!(
    a_file_is_no_larger_than_allowed_and_of_the_right_kind,
    async |house: &House| {
        let mut clerk = house.enter(house.at.clerk).await;
        clerk
            .upload("big.xlsx", vec![b'x'; 33 * 1024 * 1024])
            .await
            .refused(StatusCode::PAYLOAD_TOO_LARGE, "too-large");
        clerk
            .post("/api/roll/imports", json!({"file": "roll.xlsx"}))
            .await
            .refused(StatusCode::UNSUPPORTED_MEDIA_TYPE, "wrong-content-type");
        let kept = roll_import::Entity::find()
            .count(house.app.store.read())
            .await
            .unwrap();
        assert_eq!(kept, 0);
    }
);

both!(
    what_was_read_can_be_thrown_away_and_goes_by_itself_after_a_day,
    async |house: &House| {
        let mut clerk = house.enter(house.at.clerk).await;
        let import = judged(&mut clerk, one_of_each()).await;
        let path = format!("/api/roll/imports/{}", import["id"]);
        clerk.delete(&path).await.expect(StatusCode::NO_CONTENT);
        clerk
            .get(&path)
            .await
            .refused(StatusCode::NOT_FOUND, "not-found");
        judged(&mut clerk, one_of_each()).await;
        let rows = async || {
            roll_import_row::Entity::find()
                .count(house.app.store.read())
                .await
                .unwrap()
        };
        assert_eq!(rows().await, 5);
        watch::turn(&house.app).await.unwrap();
        assert_eq!(rows().await, 5);
        house
            .clock
            .set(House::morning() + chrono::TimeDelta::hours(25));
        watch::turn(&house.app).await.unwrap();
        assert_eq!(rows().await, 0);
        assert_eq!(on_roll(house).await, 3);
    }
);

both!(
    a_reading_whose_process_died_is_said_to_be_over,
    async |house: &House| {
        let mut clerk = house.enter(house.at.clerk).await;
        let import = judged(&mut clerk, one_of_each()).await;
        let id = import["id"].as_i64().unwrap();
        house
            .alter(roll_import::ActiveModel {
                id: Set(entity::ids::RollImportId(id)),
                state: Set(ImportState::Reading),
                ..Default::default()
            })
            .await;
        house
            .clock
            .set(House::morning() + chrono::TimeDelta::seconds(61));
        watch::turn(&house.app).await.unwrap();
        let over = clerk.get(&format!("/api/roll/imports/{id}")).await.ok();
        assert_eq!(over["state"], "refused");
        assert!(over["why"].as_str().unwrap().contains("重新上传"));
    }
);

both!(
    what_goes_out_comes_back_the_same_and_nothing_in_it_runs,
    async |house: &House| {
        let mut clerk = house.enter(house.at.clerk).await;
        let nasty = [
            "=cmd|' /C calc'!A0",
            "+8613800138000 敲门",
            "-先打电话",
            "@家人",
            "\t=1+1",
        ];
        for (note, id) in
            nasty
                .iter()
                .zip([house.at.mother, house.at.father_in_law, house.at.neighbour])
        {
            house
                .alter(resident::ActiveModel {
                    id: Set(id),
                    knock_note: Set(Some((*note).to_owned())),
                    ..Default::default()
                })
                .await;
        }
        let file = clerk.get("/api/roll/export").await;
        assert_eq!(file.status, StatusCode::OK);
        assert!(
            file.headers["content-disposition"]
                .to_str()
                .unwrap()
                .contains("roll-2026-11-24.xlsx")
        );
        let mut parts = zip::ZipArchive::new(std::io::Cursor::new(file.bytes.clone())).unwrap();
        let mut page = String::new();
        std::io::Read::read_to_string(
            &mut parts.by_name("xl/worksheets/sheet1.xml").unwrap(),
            &mut page,
        )
        .unwrap();
        assert!(page.contains("=cmd|"), "the text is there, as text");
        assert!(!page.contains("<f>"), "and there is no formula");
        let mut styles = String::new();
        std::io::Read::read_to_string(&mut parts.by_name("xl/styles.xml").unwrap(), &mut styles)
            .unwrap();
        assert!(
            styles.contains("quotePrefix=\"1\""),
            "it stays text when somebody edits it"
        );
        let looks = access_log::Entity::find().filter(access_log::Column::Purpose.eq("export"));
        // The look is written down beside the answer.
        for _ in 0..100 {
            if looks.clone().count(house.app.store.read()).await.unwrap() == 3 {
                break;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        assert_eq!(looks.count(house.app.store.read()).await.unwrap(), 3);
        let import = judged(&mut clerk, file.bytes).await;
        assert_eq!(import["counts"]["same"], 3, "{import}");
        let english = clerk.english().get("/api/roll/export").await;
        let import = judged(&mut house.enter(house.at.clerk).await, english.bytes).await;
        assert_eq!(import["counts"]["same"], 3, "{import}");
    }
);

both!(
    who_died_is_neither_in_an_export_nor_changed_by_a_workbook,
    async |house: &House| {
        house
            .alter(resident::ActiveModel {
                id: Set(house.at.neighbour),
                state: Set(ResidentState::Died),
                ..Default::default()
            })
            .await;
        let mut clerk = house.enter(house.at.clerk).await;
        let file = clerk.get("/api/roll/export").await;
        let import = judged(&mut clerk, file.bytes).await;
        assert_eq!(import["rows"], 2);
        let number = house.at.neighbour.to_string();
        let file = workbook(&[vec!["编号", "姓名"], vec![&number, "赵敏敏"]]);
        let import = judged(&mut clerk, file).await;
        assert_eq!(import["counts"]["refused"], 1);
        let known = roll(&[[
            "赵敏",
            "女",
            "1941-03-08",
            "5",
            "1",
            "202",
            "",
            "独居",
            "",
            "",
        ]]);
        let import = judged(&mut clerk, known).await;
        assert_eq!(
            import["counts"]["duplicate"], 1,
            "a person decides whether she is back"
        );
    }
);

/// A roll of this many, two a flat.
pub fn many(count: u32) -> Vec<u8> {
    made(|page| {
        for (at, text) in (0..).zip(HEAD) {
            page.write_string(0, at, text).unwrap();
        }
        for one in 0..count {
            let row = one + 1;
            let flat = one / 2;
            let name = format!(
                "{}{}{}",
                ["王", "李", "张", "刘"][one as usize % 4],
                ["秀", "桂", "玉", "淑", "国"][one as usize / 4 % 5],
                char::from_u32(0x4e00 + one / 20).unwrap()
            );
            let floor = flat / 40 % 60 + 1;
            let cells = [
                name,
                ["女", "男"][one as usize % 2].to_owned(),
                format!(
                    "19{:02}-{:02}-{:02}",
                    30 + one % 30,
                    one % 12 + 1,
                    one % 28 + 1
                ),
                ["3", "5"][(flat / 72_000) as usize % 2].to_owned(),
                (flat / 2_400 % 30 + 1).to_string(),
                format!("{floor}{:02}", flat % 40 + 1),
                format!("139{one:08}"),
                ["独居", "空巢", "与家人同住"][one as usize % 3].to_owned(),
                String::new(),
                "走路不稳，请搀扶".to_owned(),
            ];
            for (at, text) in (0..).zip(cells) {
                page.write_string(row, at, text).unwrap();
            }
        }
    })
}

both!(
    a_whole_compound_is_read_and_written_in_two_seconds,
    async |house: &House| {
        let mut clerk = house.enter(house.at.clerk).await;
        let file = many(876);
        let began = Instant::now();
        let import = judged(&mut clerk, file).await;
        let read = began.elapsed();
        assert_eq!(import["counts"]["new"], 876, "{import}");
        write(&mut clerk, &import, 876).await;
        let took = began.elapsed();
        println!("876 rows: judged in {read:?}, written after {took:?}");
        assert_eq!(on_roll(house).await, 879);
        assert!(took < Duration::from_secs(2), "876 rows took {took:?}");
        let kept = audit::Entity::find()
            .filter(audit::Column::Action.eq("imported"))
            .count(house.app.store.read())
            .await
            .unwrap();
        assert_eq!(kept, 876);
    }
);
