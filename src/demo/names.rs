//! Names put together from common parts: any likeness to a living person is chance.

use entity::words::Sex;
use rand::Rng;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;

/// Common surnames; the first are drawn more often.
const SURNAMES: &str = "王李张刘陈杨黄赵周吴徐孙马朱胡郭何林罗高郑梁谢宋唐许韩冯邓曹彭蔡潘田董袁于余叶蒋杜苏魏程吕丁姚卢傅钟姜崔谭廖范汪陆金石戴贾韦夏邱方侯邹熊孟秦白江阎薛尹段雷黎史龙陶贺顾毛郝龚邵万钱严武戚莫孔向汤";
/// Given-name characters of women born before 1966.
const OLD_WOMEN: &str = "秀英桂兰玉珍凤霞淑芬素梅菊香春莲翠荣金美月爱华惠琴彩云红巧珠芝娥腊银清";
/// Given-name characters of men born before 1966.
const OLD_MEN: &str = "国建志明德福文永正海光学庆春生长荣贵树林家祥振华新万安忠富成义世祖良厚";
/// Given-name characters of women born later.
const YOUNG_WOMEN: &str = "丽敏静燕艳娟婷雪莉倩颖佳慧琳洁玲萍晶璐瑶欣怡梦雅晓蕾";
/// Given-name characters of men born later.
const YOUNG_MEN: &str = "伟强磊军勇杰涛超鹏浩斌亮波辉刚健宇凯峰宁鑫俊飞毅晨东";

/// A surname, common ones more often.
pub(super) fn surname(rng: &mut StdRng) -> char {
    let all: Vec<char> = SURNAMES.chars().collect();
    let near = all.len().min(20);
    let common = rng.random_bool(0.65);
    let from = if common { &all[..near] } else { &all[..] };
    from.choose(rng).copied().unwrap_or('王')
}

/// A full name of somebody born in `year`.
pub(super) fn full(rng: &mut StdRng, surname: char, sex: Sex, year: i32) -> String {
    let parts: Vec<char> = match (sex, year < 1966) {
        (Sex::Female, true) => OLD_WOMEN,
        (Sex::Male, true) => OLD_MEN,
        (Sex::Female, false) => YOUNG_WOMEN,
        (Sex::Male, false) => YOUNG_MEN,
    }
    .chars()
    .collect();
    let two = rng.random_bool(if year < 1966 { 0.88 } else { 0.55 });
    let picked = parts.choose_multiple(rng, if two { 2 } else { 1 });
    std::iter::once(surname).chain(picked.copied()).collect()
}

/// A made-up mobile number of 11 digits.
pub(super) fn mobile(rng: &mut StdRng) -> String {
    format!(
        "1{}{:09}",
        rng.random_range(3..=9),
        rng.random_range(0..1_000_000_000_u32)
    )
}

/// A made-up number of a household's telephone, with the town's code: 11 digits.
pub(super) fn landline(rng: &mut StdRng) -> String {
    format!("07103{:06}", rng.random_range(0..1_000_000_u32))
}
