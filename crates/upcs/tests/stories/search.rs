//! A search for something secret in bytes: as it is, as it may be written, encoded, or digested without a key.
//!
//! In: secrets and heaps of bytes. Out: what was found where. One pass over each heap, whatever the number of
//! needles: the first four bytes of each needle lead to the rest.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;
use data_encoding::{BASE64, HEXLOWER, HEXUPPER};
use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha256};

use crate::numbers::digits;

/// The shortest needle that says anything, in bytes.
const LEAST_BYTES: usize = 7;
/// How much of a needle is looked up.
const HEAD_BYTES: usize = 4;

/// One way in which a secret could stand somewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Needle {
    /// Which secret, and how it is written; never the secret itself.
    pub(crate) what: String,
    pub(crate) bytes: Vec<u8>,
}

/// Every way in which secrets could stand somewhere.
pub(crate) struct Needles {
    all: Vec<Needle>,
    by_head: HashMap<[u8; HEAD_BYTES], Vec<usize>>,
}

/// Bytes from one place.
pub(crate) struct Heap {
    pub(crate) place: String,
    pub(crate) bytes: Vec<u8>,
}

impl Needles {
    pub(crate) fn new(all: Vec<Needle>) -> Self {
        let mut by_head: HashMap<_, Vec<usize>> = HashMap::new();
        for (at, needle) in all
            .iter()
            .enumerate()
            .filter(|(_, needle)| needle.bytes.len() >= LEAST_BYTES)
        {
            if let Some(head) = needle.bytes.first_chunk() {
                by_head.entry(*head).or_default().push(at);
            }
        }
        Self { all, by_head }
    }

    pub(crate) fn all(&self) -> &[Needle] {
        &self.all
    }

    /// What is found in a heap, each needle once, with the place of its first find.
    pub(crate) fn find(&self, heap: &Heap) -> Vec<String> {
        let mut found: Vec<(usize, usize)> = Vec::new();
        for (offset, head) in heap.bytes.windows(HEAD_BYTES).enumerate() {
            let head = [head[0], head[1], head[2], head[3]];
            let Some(candidates) = self.by_head.get(&head) else {
                continue;
            };
            for at in candidates {
                let is_there = heap.bytes[offset..].starts_with(&self.all[*at].bytes);
                if is_there && !found.iter().any(|(known, _)| known == at) {
                    found.push((*at, offset));
                }
            }
        }
        let told = |(at, offset): (usize, usize)| {
            format!("{} at byte {offset} of {}", self.all[at].what, heap.place)
        };
        found.into_iter().map(told).collect()
    }
}

/// All the needles of one number, written at home as `07700 900123`.
pub(crate) fn of_number(what: &str, national: &str) -> Vec<Needle> {
    let digits = digits(national);
    let rest = &digits[1..];
    let spaced: Vec<String> = digits.chars().map(String::from).collect();
    let written = [
        rest.to_owned(),
        digits.clone(),
        national.to_owned(),
        format!("+44{rest}"),
        format!("44{rest}"),
        format!("0044{rest}"),
        format!("+44 {}", &national[1..]),
        format!("{} {}", &digits[..5], &digits[5..]),
        format!("{} {} {}", &digits[..5], &digits[5..8], &digits[8..]),
        spaced.join(" "),
        spaced.join("-"),
    ];
    let mut needles: Vec<Needle> = written.iter().flat_map(|text| of_text(what, text)).collect();
    // As a whole number in binary.
    if let Ok(packed) = format!("44{rest}").parse::<u64>() {
        for (how, bytes) in [
            ("big-endian", packed.to_be_bytes()),
            ("little-endian", packed.to_le_bytes()),
        ] {
            needles.push(Needle {
                what: format!("{what}, as a {how} number"),
                bytes: bytes.to_vec(),
            });
        }
    }
    needles
}

/// All the needles of one text.
pub(crate) fn of_text(what: &str, text: &str) -> Vec<Needle> {
    let bytes = text.as_bytes();
    let mut ways: Vec<(&str, Vec<u8>)> = vec![
        ("as it is", bytes.to_vec()),
        ("in lower case", text.to_lowercase().into_bytes()),
        ("in upper case", text.to_uppercase().into_bytes()),
        ("URL-encoded", url_encoded(text, "%20")),
        ("form-encoded", url_encoded(text, "+")),
        ("JSON-encoded", json_encoded(text)),
        ("hexadecimal", HEXLOWER.encode(bytes).into_bytes()),
        ("hexadecimal, upper case", HEXUPPER.encode(bytes).into_bytes()),
        ("UTF-16", text.encode_utf16().flat_map(u16::to_le_bytes).collect()),
        (
            "as Rust shows bytes",
            format!("{bytes:?}")
                .trim_matches(['[', ']'])
                .to_owned()
                .into_bytes(),
        ),
    ];
    ways.extend((0..3).map(|shift| ("base64", base64_at(bytes, shift))));
    let digests = [
        ("md5", Md5::digest(bytes).to_vec()),
        ("sha1", Sha1::digest(bytes).to_vec()),
        ("sha256", Sha256::digest(bytes).to_vec()),
    ];
    for (name, digest) in digests {
        ways.push((name, HEXLOWER.encode(&digest).into_bytes()));
        ways.push((name, HEXUPPER.encode(&digest).into_bytes()));
        ways.push((
            name,
            BASE64
                .encode(&digest)
                .trim_end_matches('=')
                .to_owned()
                .into_bytes(),
        ));
        ways.push((name, digest));
    }
    let mut seen: Vec<Vec<u8>> = Vec::new();
    ways.retain(|(_, bytes)| {
        let new = !seen.contains(bytes);
        seen.push(bytes.clone());
        new
    });
    ways.into_iter()
        .map(|(how, bytes)| Needle {
            what: format!("{what}, {how}"),
            bytes,
        })
        .collect()
}

/// The part of a base64 text that depends on these bytes alone, when `shift` other bytes stand before them.
fn base64_at(bytes: &[u8], shift: usize) -> Vec<u8> {
    let shifted = [vec![0; shift], bytes.to_vec()].concat();
    let encoded = BASE64.encode(&shifted);
    let from = (shift * 8).div_ceil(6);
    let to = shifted.len() * 8 / 6;
    encoded.as_bytes()[from..to].to_vec()
}

fn url_encoded(text: &str, space: &str) -> Vec<u8> {
    let mut out = String::new();
    for byte in text.bytes() {
        match byte {
            b' ' => out.push_str(space),
            _ if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) => out.push(char::from(byte)),
            // Writing to a string does not fail.
            _ => drop(write!(out, "%{byte:02X}")),
        }
    }
    out.into_bytes()
}

fn json_encoded(text: &str) -> Vec<u8> {
    let mut out = String::new();
    for unit in text.encode_utf16() {
        match u8::try_from(unit) {
            Ok(byte) if byte.is_ascii() => out.push(char::from(byte)),
            _ => drop(write!(out, "\\u{unit:04x}")),
        }
    }
    out.into_bytes()
}

/// Every file below a folder, with its bytes.
pub(crate) fn files_below(folder: &Path) -> Result<Vec<Heap>> {
    let (mut heaps, mut folders) = (Vec::new(), vec![PathBuf::from(folder)]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else if let Ok(bytes) = fs::read(&path) {
                heaps.push(Heap {
                    place: path.display().to_string(),
                    bytes,
                });
            }
        }
    }
    Ok(heaps)
}
