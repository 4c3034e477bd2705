//! The journey in a real browser, as each role, with scripts and without.
//!
//! `tests/browser` holds the steps; what drives the browser is fetched from its lock file into the folder of
//! the build, never into the tree. The pages that must be visited are the router's own list.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};
use hub::web::{Methods, PageRoute};
use serde_json::{Value, json};
use upcs::children::this_program;
use upcs::say;

use crate::house::{Gate, House};
use crate::tools::Tool;

/// Where the steps stand in the tree.
const STEPS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/browser");
/// A folder of the build for what tests make.
const BUILT: &str = env!("CARGO_TARGET_TMPDIR");

/// With scripts on.
pub(crate) fn with_scripts() -> Result<()> {
    walk(true)
}

/// With scripts off.
pub(crate) fn without_scripts() -> Result<()> {
    walk(false)
}

fn walk(scripts: bool) -> Result<()> {
    let steps = steps_with_their_packages()?;
    let house = House::start()?;
    let story = house.temp().join("story.json");
    fs::write(&story, facts(&house, scripts)?.to_string())?;
    let node = Tool::Node.find().context("node has gone")?;
    let walked = Command::new(node)
        .arg(steps.join("journey.mjs"))
        .arg(&story)
        .output()?;
    for line in String::from_utf8_lossy(&walked.stdout).lines() {
        say::line(&format!("  {line}"));
    }
    if !walked.status.success() {
        bail!("{}", String::from_utf8_lossy(&walked.stderr).trim());
    }
    Ok(())
}

/// What the steps must know.
fn facts(house: &House, scripts: bool) -> Result<Value> {
    Ok(json!({
        "url": house.url(),
        "barring": house.sip(Gate::Barring).to_string(),
        "enabling": house.sip(Gate::Enabling).to_string(),
        "upcs": this_program()?,
        "chromium": Tool::Chromium.find().context("chromium has gone")?,
        "pages": hub::web::pages().into_iter().map(page).collect::<Vec<_>>(),
        "scripts": scripts,
        "reads": Tool::Tesseract.find().is_some(),
        "screenshots": env::var_os("UPCS_SCREENSHOTS").map(PathBuf::from),
        "temp": house.temp(),
    }))
}

fn page(route: PageRoute) -> Value {
    let methods: &[&str] = match route.methods {
        Methods::Get => &["GET"],
        Methods::Post => &["POST"],
        Methods::GetPost => &["GET", "POST"],
    };
    json!({ "path": route.path, "methods": methods })
}

/// Copies the steps into the folder of the build and fetches their packages, unless the same are there.
fn steps_with_their_packages() -> Result<PathBuf> {
    let folder = Path::new(BUILT).join("browser");
    fs::create_dir_all(&folder)?;
    let fetched = folder.join("fetched-by.json");
    let lock = fs::read(Path::new(STEPS).join("package-lock.json"))?;
    for entry in fs::read_dir(STEPS)? {
        let file = entry?.path();
        if let Some(name) = file.file_name().filter(|_| file.is_file()) {
            fs::copy(&file, folder.join(name))?;
        }
    }
    if fs::read(&fetched).is_ok_and(|by| by == lock) {
        return Ok(folder);
    }
    say::line("  fetching what drives the browser (npm ci)");
    let fetch = Command::new("npm")
        .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"])
        .current_dir(&folder)
        .output();
    let output = fetch.context("npm cannot be started")?;
    ensure!(
        output.status.success(),
        "npm ci failed: {}",
        String::from_utf8_lossy(&output.stderr).trim()
    );
    fs::write(&fetched, lock)?;
    Ok(folder)
}
