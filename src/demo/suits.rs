//! What the list of services leaves open: for whom a service is, how much it matters, its class.

use entity::words::Place;

/// Lowest and highest ability level (GB/T 42195-2022) that a service is for.
pub(super) fn ability(code: &str) -> (i32, i32) {
    match code {
        "BTH01" => (0, 2),
        "BTH02" => (1, 3),
        "BTH03" => (1, 2),
        "BTH04" | "MED03" => (2, 3),
        "BTH05" | "BTH06" | "REH06" => (3, 4),
        "BTH08" | "MEA07" | "GRM06" | "GRM07" | "REH12" | "REH13" | "REH14" | "REH15" => (1, 4),
        "SOS04" | "MOB02" | "MOB04" | "REH01" | "REH02" | "REH05" => (1, 4),
        "MEA11" | "GRM05" | "REH10" | "REH11" | "CLN17" | "DEV04" | "MED15" => (2, 4),
        "MED13" | "MED14" | "ADP08" => (2, 4),
        "MOB03" | "COM12" | "DAY03" | "DAY02" | "DAY01" => (1, 3),
        "MEA01" | "GRM02" | "MOB01" | "MOB07" | "MOB08" | "MOB06" | "ERR11" | "REH07" => (0, 2),
        "FUN13" => (0, 1),
        _ => match &code[..3] {
            "FUN" => (0, 2),
            "CHK" => (0, 3),
            _ => (0, 4),
        },
    }
}

/// Bathing, toileting and personal care: the helper's sex has to suit the resident.
pub(super) fn intimate(code: &str) -> bool {
    let one = ["REH10", "REH11", "MED13", "CLN17"].contains(&code);
    one || (code.starts_with("BTH") && !["BTH07", "BTH08"].contains(&code))
}

/// How much it hurts when it is not served, 1 to 9.
pub(super) fn priority(code: &str) -> i32 {
    match code {
        "SOS01" | "SOS03" => 9,
        "MEA12" | "MEA14" => 3,
        "MEA13" | "MED04" => 5,
        "REH10" | "REH11" | "REH12" | "REH13" | "REH14" | "REH15" => 8,
        "COM03" | "SOS08" => 5,
        "COM09" | "COM10" | "COM11" | "COM12" => 5,
        "CHK03" | "CHK13" => 5,
        _ => match &code[..3] {
            "MED" | "SOS" => 8,
            "MEA" | "BTH" => 7,
            "REH" => 6,
            "DAY" | "MOB" => 5,
            "CLN" | "GRM" | "ADP" | "ERR" | "FIX" => 4,
            "CHK" | "DEV" => 3,
            "COM" => 2,
            _ => 1,
        },
    }
}

/// Class of home service after GB/T 43153-2023.
pub(super) fn class(code: &str) -> &'static str {
    match code {
        "MEA11" | "GRM05" | "GRM06" | "GRM07" | "CLN17" | "BTH08" => "基础照护",
        "SOS01" | "SOS02" | "SOS08" | "SOS09" | "COM01" | "COM02" | "COM03" | "COM07" => "探访关爱",
        "MED04" | "MED05" | "MED06" | "SOS05" | "SOS06" | "SOS07" => "委托代办",
        _ => match &code[..3] {
            "MED" | "CHK" => "健康管理",
            "REH" | "SOS" => "基础照护",
            "COM" | "FUN" | "PHO" => "精神慰藉",
            "ERR" | "FIX" => "委托代办",
            "ADP" | "DEV" => "适老化改造",
            _ => "生活照料",
        },
    }
}

/// Where helper and resident meet. What the list calls `outside` begins at the resident's door, but for what a group does.
pub(super) fn place(code: &str, at: &str) -> Place {
    let group = code.starts_with("FUN") || code == "CHK06";
    if at == "station" || (at == "outside" && group) {
        Place::Station
    } else {
        Place::Home
    }
}

/// What a volunteer asks in fen for a service listed at `listed` fen: only the goods brought have a price.
pub(super) fn volunteer_price(code: &str, listed: i64) -> i64 {
    let goods = ["MEA02", "MEA03", "MEA04"].contains(&code);
    if goods { listed } else { 0 }
}
