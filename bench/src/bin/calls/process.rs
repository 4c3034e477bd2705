//! What a process and its children have used, as the kernel counts it.

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result};

/// The processor of the servers.
const PROCESSOR: &str = "0";

/// A server that runs; it ends with this value.
pub(crate) struct Process {
    child: Child,
}

impl Process {
    /// Starts a program on the servers' processor. What it says goes to a file.
    pub(crate) fn start(program: &Path, arguments: &[String], log: &Path) -> Result<Self> {
        let log = fs::File::create(log)?;
        let child = Command::new("taskset")
            .args(["-c", PROCESSOR])
            .arg(program)
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()
            .with_context(|| format!("{} cannot be started", program.display()))?;
        Ok(Self { child })
    }

    /// Nanoseconds of processor time, by all threads of the process and its children.
    pub(crate) fn cpu_ns(&self) -> u64 {
        let of = |pid: u32| {
            let tasks = fs::read_dir(format!("/proc/{pid}/task"))
                .into_iter()
                .flatten()
                .flatten();
            tasks
                .filter_map(|task| fs::read_to_string(task.path().join("schedstat")).ok())
                .filter_map(|text| text.split(' ').next()?.parse::<u64>().ok())
                .sum::<u64>()
        };
        self.family().into_iter().map(of).sum()
    }

    /// Memory in MiB: what lies in RAM of the process and its children, shared pages counted once.
    pub(crate) fn memory_mib(&self) -> f64 {
        let of = |pid: u32| {
            let text = fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).unwrap_or_default();
            let line = text.lines().find_map(|line| line.strip_prefix("Pss:"));
            let kib = line.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok());
            kib.unwrap_or(0.0) / 1024.0
        };
        self.family().into_iter().map(of).sum()
    }

    fn family(&self) -> Vec<u32> {
        let mut family = vec![self.child.id()];
        let mut next = 0;
        while let Some(pid) = family.get(next).copied() {
            next += 1;
            let tasks = fs::read_dir(format!("/proc/{pid}/task"))
                .into_iter()
                .flatten()
                .flatten();
            for task in tasks {
                let children = fs::read_to_string(task.path().join("children")).unwrap_or_default();
                family.extend(
                    children
                        .split_whitespace()
                        .filter_map(|pid| pid.parse::<u32>().ok()),
                );
            }
        }
        family
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let terminate = Command::new("kill").arg(self.child.id().to_string()).status();
        if terminate.is_err() {
            let _ = self.child.kill();
        }
        let _ = self.child.wait();
    }
}
