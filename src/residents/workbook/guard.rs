//! What a file may be, before a parser sees it. A workbook is a packed folder: how large it becomes is found by unpacking
//! and counting, since what its own table says need not be true.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

use zip::ZipArchive;

use super::Unreadable;

/// Bytes of a file at most.
pub const LARGEST_FILE: u64 = 32 * 1024 * 1024;
/// Bytes that all its sheets may become together.
const LARGEST_SHEETS: u64 = 512 * 1024 * 1024;
/// Bytes that its table of words may become: it is held in memory while the rows are read.
const LARGEST_WORDS: u64 = 64 * 1024 * 1024;
/// Bytes that any other part may become.
const LARGEST_PART: u64 = 8 * 1024 * 1024;
/// Parts at most.
const MOST_PARTS: usize = 2_000;
/// Bytes without a new tag: Excel's longest cell has 32,767 characters.
const LONGEST_RUN: usize = 512 * 1024;
/// Merged areas at most.
const MOST_MERGED: usize = 2_000;
/// Words that the table may announce: room is made for them before they are read.
const MOST_WORDS: u64 = 5_000_000;

/// What a file that may be read was found to hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Whether any sheet has merged cells.
    pub merged: bool,
}

fn too_large() -> Unreadable {
    Unreadable::new(
        (
            "这个文件解开以后太大，不像一份花名册，没有读取。",
            "Unpacked, this file is too large to be a roll; it was not read.",
        ),
        (
            "请新建一个表格，只复制花名册的内容进去，再上传。",
            "Copy the roll alone into a new workbook and upload that.",
        ),
    )
}

fn broken() -> Unreadable {
    Unreadable::new(
        (
            "这个文件已损坏或没有传完整。",
            "This file is damaged, or only a part of it arrived.",
        ),
        (
            "请在 Excel 或 WPS 里打开检查，另存为 .xlsx 后再上传。",
            "Open it in Excel or WPS, save it as .xlsx and upload that.",
        ),
    )
}

fn no_workbook() -> Unreadable {
    Unreadable::new(
        (
            "这个文件不是 .xlsx 表格。",
            "This file is no .xlsx workbook.",
        ),
        (
            "请在 Excel 或 WPS 里打开，选“另存为”“Excel 工作簿 (.xlsx)”，再上传；也可以先下载模板。",
            "Open it in Excel or WPS, save it as “Excel workbook (.xlsx)” and upload that; or begin with the template.",
        ),
    )
}

/// Looks at a file from outside, unpacks and counts.
///
/// # Errors
/// Why it cannot be read, and what to do.
pub fn look(path: &Path) -> Result<Found, Unreadable> {
    let mut file = File::open(path).map_err(|_| broken())?;
    let mut magic = [0_u8; 8];
    let begun = file.read(&mut magic).map_err(|_| broken())?;
    if begun == 0 {
        return Err(Unreadable::new(
            ("这个文件是空的。", "This file is empty."),
            ("请检查后重新上传。", "Please check it and upload it again."),
        ));
    }
    if magic == [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1] {
        return Err(old_or_locked(&mut file));
    }
    if !magic.starts_with(b"PK\x03\x04") {
        return Err(no_workbook());
    }
    file.seek(SeekFrom::Start(0)).map_err(|_| broken())?;
    let mut parts = ZipArchive::new(file).map_err(|_| broken())?;
    if parts.len() > MOST_PARTS {
        return Err(too_large());
    }
    if parts.index_for_name("xl/workbook.xml").is_none() {
        return Err(no_workbook());
    }
    let mut found = Found::default();
    let mut sheets = LARGEST_SHEETS;
    let mut merged = 0;
    for at in 0..parts.len() {
        let mut part = parts.by_index(at).map_err(|_| broken())?;
        let name = part.name().map_err(|_| broken())?.to_ascii_lowercase();
        if !(name.ends_with(".xml") || name.ends_with(".rels")) {
            continue;
        }
        let is_sheet = name.contains("worksheets/");
        let is_words = name.ends_with("sharedstrings.xml");
        let room = if is_sheet {
            sheets
        } else if is_words {
            LARGEST_WORDS
        } else {
            LARGEST_PART
        };
        let counted = count(&mut part, room)?;
        if is_sheet {
            sheets -= counted.bytes;
        }
        if counted.words > MOST_WORDS {
            return Err(too_large());
        }
        merged += counted.merged;
    }
    if merged > MOST_MERGED {
        return Err(Unreadable::new(
            (
                "这份表格里合并单元格太多，读不出每一行。",
                "This workbook has too many merged cells to tell its rows.",
            ),
            (
                "请全选后取消合并单元格，把每一行补全，再上传。",
                "Select everything, unmerge, fill in each row and upload it again.",
            ),
        ));
    }
    found.merged = merged > 0;
    Ok(found)
}

/// An old .xls, or a workbook under a password: both are of the same older kind of file.
fn old_or_locked(file: &mut File) -> Unreadable {
    let locked: Vec<u8> = "EncryptedPackage"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let mut kept = Vec::new();
    let mut piece = vec![0_u8; 64 * 1024];
    let mut is_locked = file.seek(SeekFrom::Start(0)).is_err();
    while let Ok(read @ 1..) = file.read(&mut piece) {
        kept.extend_from_slice(&piece[..read]);
        if kept.windows(locked.len()).any(|part| part == locked) {
            is_locked = true;
            break;
        }
        let end = kept.len().saturating_sub(locked.len());
        kept.drain(..end);
    }
    if is_locked {
        Unreadable::new(
            (
                "这份表格设了打开密码，读不了。",
                "This workbook is under a password and cannot be read.",
            ),
            (
                "请在 Excel 里取消密码（文件 → 信息 → 保护工作簿），保存后再上传。",
                "Take the password off in Excel (File, Info, Protect workbook), save it and upload it again.",
            ),
        )
    } else {
        Unreadable::new(
            (
                "这是旧的 .xls 文件，读不了。",
                "This is an old .xls file and cannot be read.",
            ),
            (
                "请在 Excel 或 WPS 里打开，另存为 .xlsx，再上传。",
                "Open it in Excel or WPS, save it as .xlsx and upload that.",
            ),
        )
    }
}

/// What one part was found to be.
#[derive(Default)]
struct Counted {
    bytes: u64,
    merged: usize,
    words: u64,
}

/// Unpacks a part and throws it away; ends as soon as it is too much.
fn count(part: &mut impl Read, room: u64) -> Result<Counted, Unreadable> {
    const MERGED: &[u8] = b"<mergeCell ";
    const WORDS: &[u8] = b"uniqueCount=\"";
    let mut counted = Counted::default();
    let mut piece = vec![0_u8; 64 * 1024];
    let mut tail: Vec<u8> = Vec::new();
    let mut run = 0_usize;
    loop {
        let read = part.read(&mut piece).map_err(|_| broken())?;
        if read == 0 {
            return Ok(counted);
        }
        let piece = &piece[..read];
        counted.bytes += read as u64;
        if counted.bytes > room {
            return Err(too_large());
        }
        for (at, stretch) in piece.split(|letter| *letter == b'<').enumerate() {
            run = if at == 0 {
                run + stretch.len()
            } else {
                stretch.len()
            };
            if run > LONGEST_RUN {
                return Err(too_large());
            }
        }
        // What is looked for may begin in one piece and end in the next.
        tail.extend_from_slice(piece);
        if let Some(at) = find(&tail, WORDS) {
            let digits: String = tail[at + WORDS.len()..]
                .iter()
                .take_while(|letter| letter.is_ascii_digit())
                .map(|digit| char::from(*digit))
                .collect();
            counted.words = counted
                .words
                .max(
                    digits
                        .parse()
                        .unwrap_or(if digits.is_empty() { 0 } else { u64::MAX }),
                );
        }
        let mut from = 0;
        while let Some(at) = find(&tail[from..], MERGED) {
            counted.merged += 1;
            from += at + MERGED.len();
        }
        let keep = tail
            .len()
            .saturating_sub(MERGED.len().max(WORDS.len() + 20))
            .max(from);
        tail.drain(..keep);
    }
}

/// Where `wanted` begins: looked for at its first letter alone.
fn find(text: &[u8], wanted: &[u8]) -> Option<usize> {
    let first = *wanted.first()?;
    let mut from = 0;
    while let Some(at) = text[from..].iter().position(|letter| *letter == first) {
        let begin = from + at;
        if text[begin..].starts_with(wanted) {
            return Some(begin);
        }
        from = begin + 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_looked_for_is_found_across_pieces() {
        let mut long = vec![b' '; 64 * 1024 - 4];
        long.extend_from_slice(b"<mergeCell ref=\"A1:B2\"/><mergeCell ref=\"A3:B4\"/>");
        let counted = count(&mut long.as_slice(), 1 << 20).unwrap();
        assert_eq!(counted.merged, 2);
        let mut words: &[u8] = b"<sst count=\"1\" uniqueCount=\"99999999999999999999999\">";
        assert_eq!(count(&mut words, 1 << 20).unwrap().words, u64::MAX);
    }

    #[test]
    fn a_part_ends_where_it_is_too_much() {
        let mut endless = std::io::repeat(b'<');
        assert_eq!(count(&mut endless, 1 << 20).err(), Some(too_large()));
        let mut one_cell = std::io::repeat(b'x');
        assert_eq!(count(&mut one_cell, 1 << 40).err(), Some(too_large()));
    }
}
