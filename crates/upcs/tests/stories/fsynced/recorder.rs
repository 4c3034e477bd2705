//! The recorder: made from `recorder.c` by the machine's C compiler, loaded into processes by their environment.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use super::log::{self, Record};

const SOURCE: &str = include_str!("recorder.c");

/// A recorder with its log.
pub(crate) struct Recorder {
    library: PathBuf,
    log: PathBuf,
    /// What is recorded.
    pub(crate) folders: Vec<PathBuf>,
}

impl Recorder {
    /// Makes one in `work`, for what happens in `folders`.
    pub(crate) fn make(work: &Path, folders: &[PathBuf]) -> Result<Self> {
        let library = compile(work, "recorder", SOURCE, &["-shared", "-fPIC", "-pthread"])?;
        let folders: Vec<PathBuf> = folders.iter().map(fs::canonicalize).collect::<Result<_, _>>()?;
        let log = work.join("log");
        fs::write(&log, [])?;
        Ok(Self {
            library,
            log,
            folders,
        })
    }

    /// The variables of a process that is to be recorded.
    pub(crate) fn variables(&self) -> [(&'static str, String); 3] {
        let below: Vec<String> = self.folders.iter().map(|folder| shown(folder)).collect();
        [
            ("LD_PRELOAD", shown(&self.library)),
            ("UPCS_RECORD_LOG", shown(&self.log)),
            ("UPCS_RECORD_BELOW", below.join(":")),
        ]
    }

    /// Notes that something was acknowledged: the client has read it.
    pub(crate) fn mark(&self, what: &str) -> Result<()> {
        let mut log = OpenOptions::new().append(true).open(&self.log)?;
        // One append: the records of processes and marks never mix.
        let mark = log::mark(what);
        ensure!(log.write(&mark)? == mark.len(), "the mark was not written whole");
        Ok(())
    }

    /// All that was recorded.
    pub(crate) fn records(&self) -> Result<Vec<Record>> {
        log::read(&self.log)
    }
}

/// Compiles one file of C in a folder.
pub(crate) fn compile(folder: &Path, name: &str, source: &str, flags: &[&str]) -> Result<PathBuf> {
    let (file, made) = (folder.join(format!("{name}.c")), folder.join(name));
    fs::write(&file, source)?;
    let output = Command::new("cc")
        .args(["-O2", "-o"])
        .args([&made, &file])
        .args(flags)
        .output();
    let output = output.context("there is no C compiler `cc`, without which nothing here is built")?;
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{name}.c does not compile: {said}");
    Ok(made)
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}
