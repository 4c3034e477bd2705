//! The bench around a switch: a phone on one side, gate and trunk on the other, and what the trunk may have seen.

use std::collections::BTreeSet;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use anyhow::Result;

use super::message::{Message, address};
use super::numbers::{ALLOWED_BELOW, HELPLINE, NEVER, RANGE};
use super::phone::{Called, Phone};
use super::trunk::{Reached, Trunk};

/// Everything around the switch.
pub(super) struct Bench {
    pub(super) trunk: Trunk,
    /// The switch's address for phones.
    pub(super) switch: SocketAddr,
    /// What stands behind the number in an allowed call's Contact.
    pub(super) trunk_name: String,
    /// The switch's socket that faces the trunk.
    pub(super) trunk_side: Option<SocketAddr>,
    pub(super) phone_ip: IpAddr,
    pub(super) stranger_ip: Option<IpAddr>,
    pub(super) has_tcp: bool,
    /// How long the switch waits for the gate.
    pub(super) gate_timer: Duration,
    pub(super) refusals: Refusals,
    pub(super) left_out: Mutex<Option<&'static str>>,
}

impl Bench {
    /// A phone at the switch.
    pub(super) fn phone(&self) -> Result<Phone> {
        Phone::udp(SocketAddr::new(self.phone_ip, 0), self.switch, self.patience())
    }

    /// A phone at another of its sockets, where no answer is as good as a refusal.
    pub(super) fn impatient_phone_at(&self, to: SocketAddr) -> Result<Phone> {
        Phone::udp(SocketAddr::new(self.phone_ip, 0), to, self.settles())
    }

    /// A phone on TCP.
    pub(super) fn tcp_phone(&self) -> Result<Phone> {
        Phone::tcp(self.switch, self.patience())
    }

    /// A phone at an address from which no calls are taken, if one is named.
    pub(super) fn stranger(&self) -> Result<Option<Phone>> {
        let phone = |ip| Phone::udp(SocketAddr::new(ip, 0), self.switch, self.settles());
        self.stranger_ip.map(phone).transpose()
    }

    /// How long a phone waits for a final answer.
    fn patience(&self) -> Duration {
        2 * self.gate_timer + Duration::from_secs(2)
    }

    /// How long something that goes wrong may take to show at the trunk.
    pub(super) fn settles(&self) -> Duration {
        self.gate_timer + Duration::from_millis(500)
    }

    /// Waits for a request of this method at the trunk; to this URI, if one is given.
    pub(super) fn trunk_has(&self, method: &str, uri: &str, within: Duration) -> Option<Reached> {
        self.trunk.wait_for(within, |message| {
            message.method() == Some(method) && (uri.is_empty() || message.uri() == uri)
        })
    }

    /// This case needs what was not given.
    pub(super) fn left_out(&self, option: &'static str) -> Result<()> {
        *self.left_out.lock().unwrap_or_else(PoisonError::into_inner) = Some(option);
        Ok(())
    }
}

/// The forms in which calls were refused; there must be one.
#[derive(Default)]
pub(super) struct Refusals(Mutex<BTreeSet<String>>);

impl Refusals {
    /// Keeps the form of a refusal: all of it but what belongs to the call.
    pub(super) fn note(&self, called: &Called) {
        let Some(answer) = &called.answer else { return };
        let of_the_call = ["Via", "From", "To", "Call-ID", "CSeq", "Content-Length"];
        let rest = answer
            .fields
            .iter()
            .filter(|(name, _)| !of_the_call.contains(&name.as_str()));
        let rest: Vec<String> = rest.map(|(name, value)| format!("{name}: {value}")).collect();
        let form = format!("{} {}", answer.start, rest.join(" "));
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(form);
    }

    pub(super) fn forms(&self) -> Vec<String> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .iter()
            .cloned()
            .collect()
    }
}

/// What is wrong with a message that reached the trunk, if anything is. `trunk` is the name of the trunk.
pub(super) fn wrong(message: &Message, trunk: &str) -> Option<String> {
    let method = message.method()?;
    if let Some(last) = never_seen(message) {
        return Some(format!("07700 900{last:03} was seen in a {method}"));
    }
    let (to, uri) = (user(address(message.field("To"))), user(message.uri()));
    if method != "INVITE" || message.is_within() {
        return (!is_number(to)).then(|| format!("a {method} whose To says {to}"));
    }
    if !is_allowed(message.uri(), trunk) {
        return Some(format!("an INVITE to {}", message.uri()));
    }
    (to != uri).then(|| format!("an INVITE to {uri} whose To says {to}"))
}

/// The last three digits of a number that no trunk may see.
pub(super) fn never_seen(message: &Message) -> Option<u16> {
    NEVER.iter().find_map(|start| {
        let at = message.raw.find(start)? + start.len();
        let rest = message.raw.get(at..at + 2)?;
        format!("{}{rest}", &start[start.len() - 1..]).parse().ok()
    })
}

fn user(uri: &str) -> &str {
    uri.split([':', '@', ';']).nth(1).unwrap_or_default()
}

/// Whether a Request-URI is one that the mock gate writes.
fn is_allowed(uri: &str, trunk: &str) -> bool {
    let bare = [";service=withhold", ";service=relay"]
        .iter()
        .find_map(|flag| uri.strip_suffix(flag));
    let number = bare
        .unwrap_or(uri)
        .strip_prefix("sip:")
        .and_then(|rest| rest.strip_suffix(trunk));
    number
        .and_then(|rest| rest.strip_suffix('@'))
        .is_some_and(is_number)
}

/// Whether this is a number that the mock gate allows, as it writes it.
fn is_number(number: &str) -> bool {
    let last = number.strip_prefix(RANGE).filter(|last| last.len() == 3);
    let is_mobile = last
        .and_then(|last| last.parse().ok())
        .is_some_and(|last: u16| last < ALLOWED_BELOW);
    is_mobile || number == HELPLINE
}

#[cfg(test)]
mod tests {
    use super::*;

    fn invite(uri: &str, to: &str) -> Message {
        Message::read(format!("INVITE {uri} SIP/2.0\r\nTo: {to}\r\n\r\n").as_bytes())
    }

    #[test]
    fn what_the_gate_wrote_is_right_at_the_trunk() {
        for uri in ["sip:+447700900001@t:1", "sip:+447700900001@t:1;service=relay"] {
            assert_eq!(
                wrong(&invite(uri, "<sip:+447700900001@t:1>"), "t:1"),
                None,
                "{uri}"
            );
        }
        assert_eq!(wrong(&invite("sip:116123@t:1", "<sip:116123@t:1>"), "t:1"), None);
    }

    #[test]
    fn anything_else_is_wrong() {
        let to = "<sip:+447700900001@t:1>";
        for uri in [
            "sip:07700900001@t:1",
            "sip:+447700900001@u:1",
            "sip:+4477009000011@t:1",
            "sip:+447700900001@t:1;service=other",
            "sip:+447700900001@t:1;service=relay;service=withhold",
            "sip:999@t:1",
            "tel:+447700900001",
        ] {
            assert!(wrong(&invite(uri, to), "t:1").is_some(), "{uri}");
        }
        let good = "sip:+447700900001@t:1";
        assert!(wrong(&invite(good, "<sip:+447700900002@t:1>"), "t:1").is_some());
        assert!(wrong(&invite(good, "<sip:+447700900001@t:1>;x=07700900203"), "t:1").is_some());
    }
}
