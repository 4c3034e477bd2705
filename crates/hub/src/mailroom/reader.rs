//! Reads the address off a picture of an envelope, with tesseract if that is installed: a child process without a shell,
//! that is given the picture through a pipe and a few seconds. What it reads is a suggestion that a person corrects.

use std::convert::Infallible;
use std::env;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use casework::Personal;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::Command;
use tokio::sync::Semaphore;

use super::ADDRESS_CHARS;
use crate::store::Picture;

/// How long one picture may take.
const WITHIN: Duration = Duration::from_secs(10);
/// Pictures that are read at the same time; others wait for their turn.
const AT_ONCE: usize = 2;
/// Bytes of what is read; an envelope has less.
const READ_BYTES: u64 = 16 * 1024;
/// Lines of an address.
const LINES: usize = 12;
const PROGRAM: &str = "tesseract";
/// From standard input to standard output, as one block of text.
const ARGUMENTS: [&str; 6] = ["stdin", "stdout", "--psm", "6", "-l", "eng"];

/// What reads pictures, if it is installed.
pub(super) struct Reader {
    program: Option<PathBuf>,
    turns: Semaphore,
}

impl Reader {
    /// The program on the path.
    pub(super) fn on_path() -> Self {
        let path = env::var_os("PATH").unwrap_or_default();
        let mut places = env::split_paths(&path).map(|folder| folder.join(PROGRAM));
        Self::at(places.find(|place| place.is_file()))
    }

    fn at(program: Option<PathBuf>) -> Self {
        Self {
            program,
            turns: Semaphore::new(AT_ONCE),
        }
    }

    /// Whether there is anything that reads.
    pub(super) fn is_there(&self) -> bool {
        self.program.is_some()
    }

    /// The lines on a picture that may be an address; `None` if nothing reads, or not in time.
    pub(super) async fn read(&self, picture: &Picture) -> Option<Personal> {
        self.read_within(picture, WITHIN).await
    }

    async fn read_within(&self, picture: &Picture, within: Duration) -> Option<Personal> {
        let program = self.program.as_deref()?;
        let _turn = self.turns.acquire().await.ok()?;
        let read = tokio::time::timeout(within, run(program, picture)).await;
        let text = match read {
            Ok(Ok(text)) => text,
            Ok(Err(error)) => {
                tracing::warn!(kind = ?error.kind(), "a picture of an envelope could not be read");
                return None;
            }
            Err(_) => {
                tracing::warn!("a picture of an envelope was not read in time");
                return None;
            }
        };
        let lines = address_lines(&text);
        (!lines.is_empty()).then(|| Personal::new(&lines))
    }
}

/// Dropped before it ends, the child is killed.
async fn run(program: &Path, picture: &Picture) -> std::io::Result<String> {
    let mut child = Command::new(program)
        .args(ARGUMENTS)
        .env_clear()
        .env("OMP_THREAD_LIMIT", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()?;
    let (Some(mut to), Some(from)) = (child.stdin.take(), child.stdout.take()) else {
        return Err(std::io::ErrorKind::BrokenPipe.into());
    };
    let give = async {
        // A child that takes no more has what it needs.
        let _ = to.write_all(&picture.bytes).await;
        drop(to);
        std::future::pending::<Infallible>().await
    };
    let mut read = Vec::new();
    let mut bounded = from.take(READ_BYTES);
    tokio::select! {
        taken = bounded.read_to_end(&mut read) => taken.map(drop)?,
        never = give => match never {},
    }
    Ok(String::from_utf8_lossy(&read).into_owned())
}

/// The lines that hold a letter or a digit, as many as an address may have.
fn address_lines(text: &str) -> String {
    let wanted = text
        .lines()
        .map(str::trim)
        .filter(|line| line.chars().any(char::is_alphanumeric));
    let mut lines = String::new();
    for line in wanted.take(LINES) {
        if lines.chars().count() + line.chars().count() >= ADDRESS_CHARS {
            break;
        }
        if !lines.is_empty() {
            lines.push('\n');
        }
        lines.push_str(line);
    }
    lines
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt;
    use std::time::Instant;

    use super::*;
    use crate::store::PictureFormat;

    /// A program that does this in the place of tesseract.
    fn program(folder: &Path, does: &str) -> Reader {
        let place = folder.join("reads");
        fs::write(&place, format!("#!/bin/sh\nPATH=/usr/bin:/bin\n{does}\n")).unwrap();
        fs::set_permissions(&place, fs::Permissions::from_mode(0o755)).unwrap();
        Reader::at(Some(place))
    }

    fn picture() -> Picture {
        Picture {
            format: PictureFormat::Png,
            bytes: b"1 Invented Row\n\n ~ \nNowhereby\n".to_vec(),
        }
    }

    #[tokio::test]
    async fn what_is_read_comes_back_as_the_lines_of_an_address() {
        let folder = tempfile::tempdir().unwrap();
        let read = program(folder.path(), "cat").read(&picture()).await.unwrap();
        assert_eq!(read.expose(), "1 Invented Row\nNowhereby");
        assert_eq!(Reader::at(None).read(&picture()).await, None);
    }

    #[tokio::test]
    async fn a_program_that_does_not_end_is_given_up_in_time() {
        let folder = tempfile::tempdir().unwrap();
        let (begun, within) = (Instant::now(), Duration::from_millis(100));
        let reader = program(folder.path(), "exec sleep 60");
        assert_eq!(reader.read_within(&picture(), within).await, None);
        assert!(begun.elapsed() < Duration::from_secs(30));
    }

    #[tokio::test]
    async fn a_program_that_says_too_much_is_cut_off_and_one_without_words_says_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let read = program(folder.path(), "exec yes 'Invented Row'")
            .read(&picture())
            .await
            .unwrap();
        assert_eq!(read.expose().lines().count(), LINES);
        assert_eq!(
            program(folder.path(), "cat >/dev/null").read(&picture()).await,
            None
        );
    }
}
