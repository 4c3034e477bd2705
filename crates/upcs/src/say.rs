//! What the program prints for the person who started it: the one place that writes to standard output.

use std::io::{self, Write};

/// Prints one line. A closed pipe is no error: nobody is reading any more.
pub fn line(text: &str) {
    let mut out = io::stdout().lock();
    let _ = out
        .write_all(text.as_bytes())
        .and_then(|()| out.write_all(b"\n"))
        .and_then(|()| out.flush());
}

/// Prints one line to standard error, for progress and complaints.
pub fn aside(text: &str) {
    let mut err = io::stderr().lock();
    let _ = err.write_all(text.as_bytes()).and_then(|()| err.write_all(b"\n"));
}
