//! Where canaries must not be in the clear: each source is gathered, a leak is planted and found, then it is
//! searched as it is.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use upcs::say;

use crate::clients::Http;
use crate::house::{GATES, House};
use crate::search::{Heap, Needle, Needles, files_below};
use crate::tools::until;

/// How many finds of a source are shown.
const SHOWN: usize = 5;
const COMMAND_LINE_WITHIN: Duration = Duration::from_secs(5);

/// One source.
pub(crate) enum Source {
    /// Files below a folder.
    Folder(&'static str, PathBuf),
    /// Command lines, environments and ready lines of the children.
    Processes,
    /// What hub and gates say of themselves.
    Standing,
    /// What the JSON interface and the gates' HTTP answered.
    Answers(Vec<Heap>),
}

/// The folders of a demo, and the children's temporary one.
pub(crate) fn folders(house: &House, tmp: &Path) -> Vec<Source> {
    let root = house.folder.root();
    let state = |gate| house.state(gate);
    let [barring, enabling] = GATES;
    vec![
        Source::Folder("hub's store, log of writes and index", root.join("hub")),
        Source::Folder("state and spool of the barring gate", state(barring)),
        Source::Folder("state and spool of the enabling gate", state(enabling)),
        Source::Folder("logs of all processes", root.join("logs")),
        Source::Folder("keys", root.join("keys")),
        Source::Folder("whole demo folder", root.to_owned()),
        Source::Folder("temporary folder", tmp.to_owned()),
    ]
}

/// Plants, finds, takes away, searches. Gives what was found that was not planted.
pub(crate) fn search(house: &House, source: &Source, needles: &Needles, at: usize) -> Result<Vec<String>> {
    let name = source.name();
    // Another way of writing for each source.
    let long: Vec<&Needle> = needles
        .all()
        .iter()
        .filter(|needle| needle.bytes.len() > 12)
        .collect();
    let leak = long.get(at * 997 % long.len()).context("there are needles")?;
    let planted = source.gather_with(house, leak)?;
    let expected = format!("{} at byte", leak.what);
    let is_found = planted
        .iter()
        .flat_map(|heap| needles.find(heap))
        .any(|found| found.starts_with(&expected));
    ensure!(
        is_found,
        "what was planted in the {name} ({}) was not found",
        leak.what
    );
    let heaps = source.gather(house)?;
    let bytes: usize = heaps.iter().map(|heap| heap.bytes.len()).sum();
    let found: Vec<String> = heaps.iter().flat_map(|heap| needles.find(heap)).collect();
    say::line(&format!(
        "  {name}: {} pieces, {bytes} bytes; planted leak found ({}); {} found",
        heaps.len(),
        leak.what,
        found.len(),
    ));
    for one in found.iter().take(SHOWN) {
        say::line(&format!("    {one}"));
    }
    ensure!(
        bytes > 0 || matches!(source, Source::Folder("temporary folder", _)),
        "there was nothing in the {name}"
    );
    Ok(found)
}

impl Source {
    fn name(&self) -> &'static str {
        match self {
            Self::Folder(name, _) => name,
            Self::Processes => "command lines, environments and ready lines",
            Self::Standing => "health, status and metrics",
            Self::Answers(_) => "answers of the JSON interface and the gates",
        }
    }

    fn gather(&self, house: &House) -> Result<Vec<Heap>> {
        match self {
            Self::Folder(_, folder) => files_below(folder),
            Self::Processes => house
                .children()
                .iter()
                .map(|(name, id, ready)| process(name, *id, ready))
                .collect(),
            Self::Standing => standing(house),
            Self::Answers(heaps) => Ok(heaps
                .iter()
                .map(|heap| Heap {
                    place: heap.place.clone(),
                    bytes: heap.bytes.clone(),
                })
                .collect()),
        }
    }

    /// The same with one leak in it: a file, a process, or bytes in the middle of an answer.
    fn gather_with(&self, house: &House, leak: &Needle) -> Result<Vec<Heap>> {
        match self {
            Self::Folder(_, folder) => {
                let file = folder.join("planted");
                fs::write(&file, [b"before ".as_slice(), &leak.bytes, b" after"].concat())?;
                let heaps = files_below(folder);
                fs::remove_file(file)?;
                heaps
            }
            Self::Processes => {
                let idle = Idle::start(leak)?;
                let mut heaps = self.gather(house)?;
                heaps.push(process("planted", idle.0.id(), "")?);
                Ok(heaps)
            }
            Self::Standing | Self::Answers(_) => {
                let mut heaps = self.gather(house)?;
                let heap = heaps.last_mut().context("there are answers")?;
                let middle = heap.bytes.len() / 2;
                heap.bytes.splice(middle..middle, leak.bytes.iter().copied());
                Ok(heaps)
            }
        }
    }
}

fn process(name: &str, id: u32, ready: &str) -> Result<Heap> {
    // A process that has only just been started has none for a moment.
    let mut bytes = until("a command line", COMMAND_LINE_WITHIN, || {
        let words =
            fs::read(format!("/proc/{id}/cmdline")).context("a child's command line cannot be read")?;
        Ok(Some(words).filter(|words| !words.is_empty()))
    })?;
    bytes.extend(fs::read(format!("/proc/{id}/environ")).unwrap_or_default());
    bytes.extend(ready.bytes());
    Ok(Heap {
        place: format!("the process of {name}"),
        bytes,
    })
}

/// A process that does nothing, with something on its command line.
struct Idle(Child);

impl Idle {
    fn start(leak: &Needle) -> Result<Self> {
        use std::os::unix::ffi::OsStringExt;
        let bytes: Vec<u8> = leak.bytes.iter().copied().filter(|byte| *byte != 0).collect();
        ensure!(
            bytes == leak.bytes,
            "this way of writing cannot stand on a command line"
        );
        let word = std::ffi::OsString::from_vec(bytes);
        let child = Command::new("sh")
            .arg("-c")
            .arg("read nothing")
            .arg(word)
            .stdin(std::process::Stdio::piped())
            .spawn();
        Ok(Self(child.context("no idle process can be started")?))
    }
}

impl Drop for Idle {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn standing(house: &House) -> Result<Vec<Heap>> {
    let http = Http::new()?;
    let mut urls = vec![
        format!("{}/v1/health", house.url()),
        format!("{}/metrics", house.url()),
    ];
    for gate in GATES {
        urls.extend(
            ["health", "status", "metrics"].map(|path| format!("http://{}/{path}", house.http(gate))),
        );
    }
    let heap = |url: &String| {
        let answer = http.get(url)?;
        Ok(Heap {
            place: url.clone(),
            bytes: format!("{}\n{}", answer.headers, answer.body).into_bytes(),
        })
    };
    urls.iter().map(heap).collect()
}
