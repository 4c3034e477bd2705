//! Fetches the two component libraries from npm and lays out, in OUT_DIR, what the crate embeds:
//! `components/` (their Nunjucks templates), `static/` (styles, behaviour, images: ours and theirs)
//! and `fixtures/` (the rendered examples that they ship, read by a test only).
//!
//! `UPCS_NODE_MODULES` names a ready `node_modules` folder: then npm is not run and nothing is fetched.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::{env, fs, io};

type Outcome<T> = Result<T, Box<dyn Error>>;

/// Oldest Node that is still maintained with which the packages were tried.
const NODE_AT_LEAST: u32 = 20;
const GOVUK: &str = "govuk-frontend/dist/govuk";
const MOJ: &str = "@ministryofjustice/frontend/moj";

fn main() -> ExitCode {
    match build() {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            println!("cargo::error={why}");
            ExitCode::FAILURE
        }
    }
}

fn build() -> Outcome<()> {
    for path in [
        "build.rs",
        "assets/package.json",
        "assets/package-lock.json",
        "assets/own",
    ] {
        println!("cargo::rerun-if-changed={path}");
    }
    println!("cargo::rerun-if-env-changed=UPCS_NODE_MODULES");
    let out = PathBuf::from(env::var("OUT_DIR")?);
    let modules = node_modules(&out)?;
    lay_out_components(&modules, &out.join("components"))?;
    lay_out_fixtures(&modules, &out.join("fixtures"))?;
    lay_out_static(&modules, &out.join("static"))
}

/// The folder of installed packages: the packager's, or our own install from the lockfile.
fn node_modules(out: &Path) -> Outcome<PathBuf> {
    if let Some(ready) = env::var_os("UPCS_NODE_MODULES") {
        let ready = PathBuf::from(ready);
        return match ready.join(GOVUK).is_dir() && ready.join(MOJ).is_dir() {
            true => Ok(ready),
            false => Err(format!(
                "UPCS_NODE_MODULES names {}, which does not hold govuk-frontend and @ministryofjustice/frontend.",
                ready.display()
            )
            .into()),
        };
    }
    let (home, lock) = (out.join("npm"), fs::read("assets/package-lock.json")?);
    let stamp = home.join("installed-from");
    if fs::read(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(home.join("node_modules"));
    }
    fs::create_dir_all(&home)?;
    fs::write(&stamp, "")?; // an install that stops half-way must not count as done
    fs::copy("assets/package.json", home.join("package.json"))?;
    fs::write(home.join("package-lock.json"), &lock)?;
    check_node()?;
    install(&home)?;
    fs::write(stamp, lock)?;
    Ok(home.join("node_modules"))
}

fn check_node() -> Outcome<()> {
    let wanted = format!(
        "install Node.js {NODE_AT_LEAST} or newer with npm (https://nodejs.org), or set UPCS_NODE_MODULES"
    );
    let answer = Command::new("node").arg("--version").output();
    let version = answer.map_err(|_| format!("Node.js is needed to fetch the page components: {wanted}."))?;
    let version = String::from_utf8_lossy(&version.stdout).trim().to_string();
    let major = version
        .trim_start_matches('v')
        .split('.')
        .next()
        .and_then(|m| m.parse::<u32>().ok());
    match major {
        Some(major) if major >= NODE_AT_LEAST => Ok(()),
        _ => Err(format!("Node.js {version} is too old to fetch the page components: {wanted}.").into()),
    }
}

/// `npm ci`: exactly the lockfile, nothing executed, peers left out (they serve Node programs only).
fn install(home: &Path) -> Outcome<()> {
    let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
    let done = Command::new(npm)
        .args([
            "ci",
            "--ignore-scripts",
            "--omit=peer",
            "--no-audit",
            "--no-fund",
            "--loglevel=error",
        ])
        .current_dir(home)
        .output();
    match done {
        Err(missing) if missing.kind() == io::ErrorKind::NotFound => {
            Err("npm is needed to fetch the page components: install it with Node.js 20 or newer (https://nodejs.org), or set UPCS_NODE_MODULES.".into())
        }
        Err(other) => Err(other.into()),
        Ok(done) if done.status.success() => Ok(()),
        Ok(done) => {
            let said = String::from_utf8_lossy(&done.stderr);
            let first = said.lines().find(|line| !line.trim().is_empty()).unwrap_or("no message");
            Err(format!("npm could not fetch the page components ({first}): check the network, or set UPCS_NODE_MODULES.").into())
        }
    }
}

/// Templates keep their place (`govuk/components/button/template.njk`), so that includes resolve.
fn lay_out_components(modules: &Path, to: &Path) -> Outcome<()> {
    fresh(to)?;
    for (library, name) in [(GOVUK, "govuk"), (MOJ, "moj")] {
        for component in folders(&modules.join(library).join("components"))? {
            copy_templates(
                &component,
                &to.join(name).join("components").join(file_name(&component)?),
            )?;
        }
    }
    fs::create_dir_all(to.join("govuk/macros"))?;
    fs::copy(
        modules.join(GOVUK).join("macros/logo.njk"),
        to.join("govuk/macros/logo.njk"),
    )?;
    Ok(())
}

/// Only what renders: a `macro.njk` merely includes the template beside it.
fn copy_templates(from: &Path, to: &Path) -> Outcome<()> {
    for entry in fs::read_dir(from)? {
        let path = entry?.path();
        let name = file_name(&path)?;
        if name.ends_with(".njk") && name != "macro.njk" {
            fs::create_dir_all(to)?;
            fs::copy(&path, to.join(name))?;
        }
    }
    Ok(())
}

fn lay_out_fixtures(modules: &Path, to: &Path) -> Outcome<()> {
    fresh(to)?;
    for component in folders(&modules.join(GOVUK).join("components"))? {
        let fixtures = component.join("fixtures.json");
        if fixtures.is_file() {
            fs::copy(fixtures, to.join(format!("{}.json", file_name(&component)?)))?;
        }
    }
    Ok(())
}

fn lay_out_static(modules: &Path, to: &Path) -> Outcome<()> {
    fresh(to)?;
    let (govuk, moj) = (modules.join(GOVUK), modules.join(MOJ));
    let style = without_branding(&fs::read_to_string(govuk.join("govuk-frontend.min.css"))?)?;
    write_style(to, "govuk-frontend.min.css", &style, &govuk)?;
    let style = without_branding(&fs::read_to_string(moj.join("moj-frontend.min.css"))?)?;
    write_style(to, "moj-frontend.min.css", &style, &moj)?;
    for (library, name) in [(&govuk, "govuk-frontend.min.js"), (&moj, "moj-frontend.min.js")] {
        let behaviour = fs::read_to_string(library.join(name))?;
        fs::write(to.join(name), without_source_map(&behaviour))?;
    }
    for entry in fs::read_dir("assets/own")? {
        let path = entry?.path();
        fs::copy(&path, to.join(file_name(&path)?))?;
    }
    Ok(())
}

/// Outside gov.uk neither the GDS Transport typeface, the crown nor the royal arms may be used.
fn without_branding(style: &str) -> Outcome<String> {
    let mut rest = without_source_map(style);
    while let Some(start) = rest.find("@font-face") {
        let end = rest[start..]
            .find('}')
            .ok_or("a @font-face block of the style sheet has no end")?;
        rest.replace_range(start..=start + end, "");
    }
    let plain = rest
        .replace("GDS Transport,", "")
        .replace("\"GDS Transport\",", "")
        .replace("url(/assets/images/govuk-crest.svg)", "none");
    match plain.contains("GDS Transport") || plain.contains("crest.svg") || plain.contains("@font-face") {
        true => {
            Err("the style sheet still carries GOV.UK branding: the package has changed its wording".into())
        }
        false => Ok(plain),
    }
}

fn without_source_map(text: &str) -> String {
    let maps = ["/*# sourceMappingURL=", "//# sourceMappingURL="];
    let end = maps
        .iter()
        .filter_map(|mark| text.rfind(mark))
        .min()
        .unwrap_or(text.len());
    text[..end].to_string()
}

/// Writes a style sheet with its image addresses made relative, and copies the images it names.
fn write_style(to: &Path, name: &str, style: &str, library: &Path) -> Outcome<()> {
    fs::write(to.join(name), style.replace("url(/assets/", "url("))?;
    for address in style.split("url(/assets/").skip(1) {
        let file = address.split(')').next().unwrap_or_default();
        let target = to.join(file);
        fs::create_dir_all(target.parent().unwrap_or(to))?;
        fs::copy(library.join("assets").join(file), target)?;
    }
    Ok(())
}

fn fresh(folder: &Path) -> Outcome<()> {
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    Ok(fs::create_dir_all(folder)?)
}

fn folders(within: &Path) -> Outcome<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(within)? {
        let path = entry?.path();
        if path.is_dir() {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

fn file_name(path: &Path) -> Outcome<&str> {
    let name = path.file_name().and_then(|name| name.to_str());
    name.ok_or_else(|| format!("{} has no readable name", path.display()).into())
}
