//! The canaries dialled at both gates, in several forms, by SIP and by HTTP, and as callers' names; and datagrams
//! and bodies that are none.

use std::net::UdpSocket;
use std::time::Duration;

use anyhow::Result;
use reqwest::Method;
use serde_json::{Value, json};

use super::plant::Canaries;
use crate::clients::{Http, Sent, dial as ask};
use crate::house::{GATES, Gate, House};
use crate::numbers::forms;
use crate::search::{Heap, files_below};
use crate::tools::until;

const SPOOLED_WITHIN: Duration = Duration::from_secs(10);

/// Dials everything. Gives what HTTP answered, but for the number that an allowed call is told to dial, which is
/// the answer's purpose; a SIP answer repeats the addresses of its INVITE, as it must.
pub(crate) fn dial(house: &House, canaries: &Canaries) -> Result<Vec<Heap>> {
    let http = Http::new()?;
    let mut heaps = Vec::new();
    for gate in GATES {
        for (_, number) in canaries.numbers() {
            for dialled in forms(number) {
                ask(house.sip(gate), "A2345CD", &dialled);
            }
            for from in [canaries.name.as_str(), canaries.email.as_str(), "generic"] {
                ask(house.sip(gate), from, number);
            }
        }
        for (_, text) in canaries.texts() {
            ask(house.sip(gate), "A2345CD", text);
        }
        datagrams(house, gate, canaries)?;
        heaps.extend(by_http(&http, house, gate, canaries)?);
    }
    Ok(heaps)
}

fn by_http(http: &Http, house: &House, gate: Gate, canaries: &Canaries) -> Result<Vec<Heap>> {
    let calls = canaries
        .numbers()
        .map(|(_, number)| json!({"from": canaries.name, "dialled": number}));
    let mut bodies: Vec<Vec<u8>> = calls.iter().map(|call| call.to_string().into_bytes()).collect();
    bodies.push(
        json!({"from": "A2345CD", "dialled": canaries.name})
            .to_string()
            .into_bytes(),
    );
    bodies.push(
        json!({"from": "A2345CD", "dialled": canaries.number, "name": canaries.name})
            .to_string()
            .into_bytes(),
    );
    bodies.push(format!("{{\"from\": {}", canaries.name).into_bytes());
    bodies.push(canaries.name.repeat(1000).into_bytes());
    let mut heaps = Vec::new();
    for path in ["/v1/calls".to_owned(), format!("/{}", canaries.email)] {
        for body in &bodies {
            let headers = vec![("Content-Type".to_owned(), "application/json".to_owned())];
            let url = format!("http://{}{path}", house.http(gate));
            let Ok(answer) = http.send(Sent {
                method: Method::POST,
                url,
                headers,
                body: body.clone(),
            }) else {
                continue;
            };
            let allows =
                serde_json::from_str(&answer.body).is_ok_and(|said: Value| said["verdict"] == "allow");
            if !allows {
                let place = format!(
                    "an answer of the gate at {}, status {}",
                    gate.prison(),
                    answer.status
                );
                heaps.push(Heap {
                    place,
                    bytes: format!("{}\n{}", answer.headers, answer.body).into_bytes(),
                });
            }
        }
    }
    Ok(heaps)
}

/// What is no INVITE: nothing is expected back.
fn datagrams(house: &House, gate: Gate, canaries: &Canaries) -> Result<()> {
    let socket = UdpSocket::bind(("127.0.0.1", 0))?;
    let Canaries { name, number, .. } = canaries;
    let table = [
        name.clone(),
        format!("INVITE sip:{number} SIP/2.0\r\n{name}\r\n\r\n"),
        format!("INVITE sip:{number}@127.0.0.1 SIP/2.0\r\nFrom: {name}\r\n\r\n"),
        format!(
            "{number} sip:{number}@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1;branch=z9hG4bK1\r\nFrom: <sip:{name}@x>;tag=1\r\nTo: <sip:{number}@x>\r\nCall-ID: {name}\r\nCSeq: 1 {number}\r\n\r\n"
        ),
        format!("INVITE sip:{number}@127.0.0.1 SIP/2.0\r\n{}", name.repeat(2000)),
    ];
    for datagram in table {
        socket.send_to(datagram.as_bytes(), house.sip(gate))?;
    }
    Ok(())
}

/// Waits until both gates have attempts on disk that nobody has fetched.
pub(crate) fn wait_for_spools(house: &House) -> Result<()> {
    for gate in GATES {
        let state = house.state(gate);
        until("attempts in the spool", SPOOLED_WITHIN, || {
            let heaps = files_below(&state)?;
            Ok(heaps
                .iter()
                .any(|heap| heap.place.contains("spool") && !heap.bytes.is_empty())
                .then_some(()))
        })?;
    }
    Ok(())
}
