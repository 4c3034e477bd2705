//! The lines of a response that never ends, bounded in length and in silence.

use std::time::Duration;

use tokio::time::timeout;

/// Why there is no further line.
#[derive(Debug, thiserror::Error)]
pub(super) enum NoLine {
    #[error("the hub closed the feed")]
    Closed,
    #[error("the hub was silent for too long")]
    Silent,
    #[error("a line is longer than {0} bytes")]
    TooLong(usize),
    #[error("the connection broke: {0}")]
    Broken(reqwest::Error),
}

/// Reads lines.
pub(super) struct Lines {
    response: reqwest::Response,
    read: Vec<u8>,
    /// No line ends before here.
    searched: usize,
    limit_bytes: usize,
    silence: Duration,
}

impl Lines {
    pub(super) fn new(response: reqwest::Response, limit_bytes: usize, silence: Duration) -> Self {
        Self {
            response,
            read: Vec::new(),
            searched: 0,
            limit_bytes,
            silence,
        }
    }

    /// The next lines: at least one, and with it what has come already, at most `most`.
    pub(super) async fn next(&mut self, most: usize) -> Result<Vec<Vec<u8>>, NoLine> {
        loop {
            let lines: Vec<Vec<u8>> = std::iter::from_fn(|| self.complete()).take(most).collect();
            if !lines.is_empty() {
                return Ok(lines);
            }
            if self.read.len() > self.limit_bytes {
                return Err(NoLine::TooLong(self.limit_bytes));
            }
            match timeout(self.silence, self.response.chunk()).await {
                Err(_) => return Err(NoLine::Silent),
                Ok(Err(error)) => return Err(NoLine::Broken(error.without_url())),
                Ok(Ok(None)) => return Err(NoLine::Closed),
                Ok(Ok(Some(chunk))) => self.read.extend_from_slice(&chunk),
            }
        }
    }

    fn complete(&mut self) -> Option<Vec<u8>> {
        let Some(at) = self.read[self.searched..].iter().position(|byte| *byte == b'\n') else {
            self.searched = self.read.len();
            return None;
        };
        let rest = self.read.split_off(self.searched + at + 1);
        let mut line = std::mem::replace(&mut self.read, rest);
        line.pop();
        self.searched = 0;
        Some(line)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn read(body: Vec<u8>, limit_bytes: usize) -> Result<Vec<Vec<u8>>, NoLine> {
        let response = axum::http::Response::new(body).into();
        Lines::new(response, limit_bytes, Duration::from_secs(5))
            .next(8)
            .await
    }

    #[tokio::test]
    async fn a_line_without_an_end_is_given_up_one_byte_past_the_limit() {
        assert!(matches!(
            read(vec![b'a'; 101], 100).await,
            Err(NoLine::TooLong(100))
        ));
        assert!(matches!(read(vec![b'a'; 100], 100).await, Err(NoLine::Closed)));
    }

    #[tokio::test]
    async fn lines_that_came_together_are_told_apart() {
        let lines = read(b"one\ntwo\nthr".to_vec(), 100).await.unwrap();
        assert_eq!(lines, [b"one".to_vec(), b"two".to_vec()]);
    }
}
