//! Solve one problem or a whole set of the home health care literature, and print how far from the best known it ends.
//!
//! `hhcrsp FILE SECONDS SEED [OUT]`, or `hhcrsp DIRECTORY SECONDS SEED [OUT-DIRECTORY [PART-OF-NAME]]`, where the directory
//! has `../hhcrsp_best_known.csv` or `best_known.csv` beside its files.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::time::Instant;
use yinling_matching::formats::hhcrsp;
use yinling_matching::linked::{Progress, solve};

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [from, seconds, seed, rest @ ..] = words.as_slice() else {
        return Err("hhcrsp FILE|DIRECTORY SECONDS SEED [OUT [PART-OF-NAME]]".into());
    };
    let (from, seconds, seed) = (Path::new(from), seconds.parse()?, seed.parse()?);
    let out = rest.first().filter(|out| *out != "-").map(Path::new);
    if !from.is_dir() {
        run(from, seconds, seed, out)?;
        return Ok(());
    }
    let part = rest.get(1).map_or("", String::as_str);
    let known = best_known(from)?;
    let mut files: Vec<PathBuf> = std::fs::read_dir(from)?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|kind| kind == "json"))
        .filter(|path| path.to_string_lossy().contains(part))
        .collect();
    files.sort();
    let mut gaps: HashMap<String, Vec<f64>> = HashMap::new();
    for file in files {
        let name = file
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let out = out.map(|out| out.join(format!("{name}.json")));
        let cost = run(&file, seconds, seed, out.as_deref())?;
        if let Some((set, best)) = known.get(&name) {
            let gap = (cost / best - 1.0) * 100.0;
            println!("    {set} best known {best:.3} gap {gap:+.2} %");
            gaps.entry(set[..1].to_string()).or_default().push(gap);
        }
    }
    for (set, gaps) in gaps {
        let mean = gaps.iter().sum::<f64>() / gaps.len() as f64;
        println!("set {set}: mean gap {mean:+.3} % of {}", gaps.len());
    }
    Ok(())
}

fn best_known(directory: &Path) -> Result<HashMap<String, (String, f64)>, Failure> {
    let beside = directory.join("best_known.csv");
    let above = directory.join("../hhcrsp_best_known.csv");
    let text = std::fs::read_to_string(if beside.exists() { beside } else { above })?;
    let row = |line: &str| {
        let cells: Vec<&str> = line.split(',').collect();
        Some((
            cells.get(1)?.to_string(),
            (cells[0].to_string(), cells.get(7)?.parse().ok()?),
        ))
    };
    Ok(text.lines().filter_map(row).collect())
}

fn run(file: &Path, seconds: f64, seed: u64, out: Option<&Path>) -> Result<f64, Failure> {
    let problem = hhcrsp::read(&std::fs::read_to_string(file)?)?;
    let began = Instant::now();
    let mut stop = |_: &Progress| began.elapsed().as_secs_f64() / seconds;
    let outcome = solve(&problem.instance, &mut stop, seed).ok_or("no plan found")?;
    let taken = began.elapsed().as_secs_f64();
    let cost = problem.instance.cost(&outcome.plan)?;
    println!(
        "{} cost {:.3} travel {:.1} late {:.1} worst {:.1} in {taken:.1} s, {:.0} moves/s",
        file.file_stem().unwrap_or_default().to_string_lossy(),
        cost.value(),
        cost.travel,
        cost.lateness,
        cost.worst,
        outcome.iterations as f64 / taken,
    );
    if std::env::var_os("TALLIES").is_some() {
        for (name, tried, kept) in &outcome.moves {
            println!(
                "    {name} {tried} tried, {:.3} % taken",
                *kept as f64 * 100.0 / *tried as f64
            );
        }
    }
    if let Some(out) = out {
        std::fs::write(out, hhcrsp::write(&problem, &outcome.plan).to_string())?;
    }
    Ok(cost.value())
}
