//! `upcs attest verify`: what an inspector does with a prison's daily attestation, on a machine of his own.

use std::fs::File;
use std::io::Read;
use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::Subcommand;
use feed::{ATTESTATION_BYTES, Attestation, AttestedGate, public_key_from_hex, verify_attestation};
use jiff::Timestamp;

use crate::say;

/// `upcs attest ...`
#[derive(Debug, Subcommand)]
pub enum AttestCommand {
    /// Check the signatures of an attestation, the hub's and each gate's, and say in words what it says
    Verify {
        /// The file, as the hub gave it out
        file: PathBuf,
        /// The hub's public key, 64 hexadecimal digits; `upcs hub attestation --hub-key` prints it
        #[arg(long)]
        hub_key: String,
        /// The key fingerprint of a gate, as the gate showed it when it enrolled; give it for each gate. Without,
        /// the hub is trusted for which keys are its gates'
        #[arg(long)]
        gate_key: Vec<String>,
    },
}

/// Prints what is attested; fails with one sentence if anything of it was changed.
pub fn run(command: &AttestCommand) -> Result<()> {
    let AttestCommand::Verify {
        file,
        hub_key,
        gate_key,
    } = command;
    let hub = public_key_from_hex(hub_key).context("--hub-key takes 64 hexadecimal digits")?;
    let line = read(file).with_context(|| format!("cannot read {}", file.display()))?;
    let line = line.strip_suffix(b"\n").unwrap_or(&line);
    let attestation = verify_attestation(line, &hub, gate_key)?;
    for sentence in sentences(&attestation, !gate_key.is_empty()) {
        say::line(&sentence);
    }
    Ok(())
}

/// No more than an attestation may have, and one byte to tell that there is more.
fn read(file: &PathBuf) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(file)?
        .take(ATTESTATION_BYTES as u64 + 2)
        .read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn sentences(attestation: &Attestation, gates_are_pinned: bool) -> Vec<String> {
    let mut said = vec![format!("{attestation}. Signed by the hub.")];
    said.extend(attestation.gates.iter().map(of_gate));
    if !gates_are_pinned {
        said.push(
            "The gates' keys are those that the hub names; give --gate-key to check them too.".to_owned(),
        );
    }
    said
}

fn of_gate(gate: &AttestedGate) -> String {
    let word = match &gate.word {
        None => "has not said where it stands".to_owned(),
        Some(word) => {
            let at = Timestamp::from_millisecond(word.received_at_ms)
                .map_or_else(|_| "?".to_owned(), |at| at.to_string());
            format!(
                "signed that it holds change {} (list {}), received {at}",
                word.serial, word.hash
            )
        }
    };
    let attempts = match gate.attempts.missing {
        0 => "no attempt of it is missing".to_owned(),
        missing => {
            let gaps: Vec<String> = gate
                .attempts
                .gaps
                .iter()
                .map(|(first, last)| format!("{first}-{last}"))
                .collect();
            format!(
                "at most {missing} attempts of it are missing: {}",
                gaps.join(", ")
            )
        }
    };
    format!("Gate {} ({}) {word}; {attempts}.", gate.gate, gate.state)
}

#[cfg(test)]
mod tests {
    use feed::{Regime, Serial, Session, Signed, SigningKey, public_key_to_hex};

    use super::*;

    fn verify(line: &[u8], hub_key: &str) -> Result<()> {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("LEI.attestation");
        std::fs::write(&file, line).expect("a file");
        run(&AttestCommand::Verify {
            file,
            hub_key: hub_key.to_owned(),
            gate_key: Vec::new(),
        })
    }

    #[test]
    fn an_attestation_as_the_hub_gave_it_out_holds_and_a_changed_one_fails_with_a_sentence() {
        let hub = SigningKey::from_bytes(&[1; 32]);
        let attestation = Attestation {
            date: "2026-11-23".to_owned(),
            at_ms: 1_795_424_400_000,
            prison: "LEI".parse().expect("a prison"),
            regime: Regime::CallEnabling,
            session: Session::from_bytes([6; 16]),
            serial: Serial(40),
            covered: false,
            why_not: Some("no-gate".to_owned()),
            gates: Vec::new(),
        };
        let mut line = Signed::sign(&attestation, &hub).expect("signed").to_line();
        line.push(b'\n');
        let key = public_key_to_hex(&hub.verifying_key());
        assert!(verify(&line, &key).is_ok());
        let forged = String::from_utf8(line.clone())
            .expect("text")
            .replace("false", "true");
        let told = verify(forged.as_bytes(), &key).expect_err("it was changed");
        let told = format!("{told:#}");
        assert!(told.contains("the signature does not fit"), "{told}");
        assert!(verify(&line, "not a key").is_err());
        let padded = [line.as_slice(), &vec![b' '; ATTESTATION_BYTES]].concat();
        assert!(verify(&padded, &key).is_err(), "longer than any attestation");
    }
}
