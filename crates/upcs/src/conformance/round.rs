//! Ways round the gate that a phone, a far end or a stranger may try.

use anyhow::{Result, ensure};

use super::bench::Bench;
use super::cases::{at_the_trunk, far_end_diverts, refused, shown};
use super::message::Message;
use super::numbers::{DIVERTED_TO, SLOWLY_ALLOWED, international, national};
use super::phone::Dial;

/// Name, numbers, and how it goes.
pub(super) type Way = (&'static str, &'static [u16], fn(&Bench) -> Result<()>);

/// Each with the numbers that it tries to reach; all of them stand for it alone.
pub(super) const WAYS: [Way; 14] = [
    (
        "the To of an allowed call names another number",
        &[200],
        to_unlike,
    ),
    (
        "an allowed call with headers that name another number",
        &[201],
        headers,
    ),
    ("a Contact that names another number", &[202], contact),
    (
        "a Route to the trunk, and a Request-URI that is refused",
        &[203],
        route_to_the_trunk,
    ),
    (
        "a Route over the switch to the trunk",
        &[204],
        route_over_the_switch,
    ),
    (
        "an allowed call with a Route to the trunk",
        &[205],
        allowed_with_a_route,
    ),
    ("REFER outside a call", &[206], refer_outside),
    ("the far end redirects the call", &[DIVERTED_TO], far_end_diverts),
    (
        "MESSAGE, SUBSCRIBE, PUBLISH, NOTIFY, REGISTER",
        &[216],
        other_methods,
    ),
    ("a body that is no session description", &[217], other_body),
    (
        "an INVITE from an address that is not configured",
        &[218, 219],
        stranger,
    ),
    (
        "INVITE at the switch's socket for the trunk, from the phone",
        &[220],
        at_the_trunk_side,
    ),
    ("INVITE at that socket, from the trunk", &[221], from_the_trunk),
    (
        "a call that was taken back before the gate allowed it",
        &[SLOWLY_ALLOWED],
        taken_back,
    ),
];

pub(super) fn dial(bench: &Bench, last: u16) -> Dial {
    Dial::new(format!("sip:{}@{}", national(last), bench.switch))
}

pub(super) fn must_fail(answer: Option<Message>, what: &str) -> Result<()> {
    let status = answer.and_then(|answer| answer.status());
    ensure!(
        status.is_none_or(|status| status >= 400),
        "{what} got {}",
        shown(status)
    );
    Ok(())
}

fn to_unlike(bench: &Bench) -> Result<()> {
    let to = Some(format!("<sip:{}@{}>", national(200), bench.switch));
    let called = bench.phone()?.make(Dial {
        to,
        ..dial(bench, 20)
    })?;
    ensure!(
        called.status() == Some(200),
        "the allowed call got {}",
        shown(called.status())
    );
    let uri = at_the_trunk(bench, 20);
    ensure!(
        bench.trunk_has("INVITE", &uri, bench.settles()).is_some(),
        "no such INVITE"
    );
    Ok(())
}

fn headers(bench: &Bench) -> Result<()> {
    let other = format!("sip:{}@{}", international(201), bench.trunk_name);
    let names = [
        "Diversion",
        "History-Info",
        "P-Asserted-Identity",
        "P-Preferred-Identity",
        "P-Called-Party-ID",
        "Referred-By",
        "Refer-To",
        "Call-Info",
        "Alert-Info",
        "Reply-To",
        "Remote-Party-ID",
        "X-Original-To",
        "Path",
        "P-Charge-Info",
        "Service-Route",
        "Identity",
        "Geolocation",
        "User-to-User",
        "Subject",
        "Organization",
    ];
    let more = names
        .iter()
        .map(|name| format!("{name}: <{other}>\r\n"))
        .collect();
    let called = bench.phone()?.make(Dial {
        more,
        ..dial(bench, 21)
    })?;
    ensure!(
        called.status() == Some(200),
        "the allowed call got {}",
        shown(called.status())
    );
    Ok(())
}

fn contact(bench: &Bench) -> Result<()> {
    let contact = international(202);
    let called = bench.phone()?.make(Dial {
        contact,
        ..dial(bench, 22)
    })?;
    ensure!(
        called.status() == Some(200),
        "the allowed call got {}",
        shown(called.status())
    );
    Ok(())
}

fn route_to_the_trunk(bench: &Bench) -> Result<()> {
    let more = format!("Route: <sip:{};lr>\r\n", bench.trunk_name);
    let called = bench.phone()?.make(Dial {
        more,
        ..dial(bench, 203)
    })?;
    refused(bench, &called)
}

fn route_over_the_switch(bench: &Bench) -> Result<()> {
    let more = format!(
        "Route: <sip:{};lr>\r\nRoute: <sip:{};lr>\r\n",
        bench.switch, bench.trunk_name
    );
    let uri = format!("sip:{}@{}", international(204), bench.trunk_name);
    let called = bench.phone()?.make(Dial {
        more,
        ..Dial::new(uri)
    })?;
    refused(bench, &called)
}

fn allowed_with_a_route(bench: &Bench) -> Result<()> {
    let other = format!("sip:{}@{}", international(205), bench.trunk_name);
    let more = format!("Route: <sip:{};lr>\r\nRoute: <{other};lr>\r\n", bench.switch);
    let called = bench.phone()?.make(Dial {
        more,
        ..dial(bench, 23)
    })?;
    let status = called.status();
    ensure!(status.is_some(), "no answer");
    ensure!(
        status == Some(200) || status >= Some(400),
        "the call got {}",
        shown(status)
    );
    Ok(())
}

pub(super) fn refer_to(bench: &Bench, last: u16) -> String {
    format!("Refer-To: <sip:{}@{}>\r\n", international(last), bench.trunk_name)
}

fn refer_outside(bench: &Bench) -> Result<()> {
    let more = refer_to(bench, 206);
    let called = bench.phone()?.ask(
        "REFER",
        Dial {
            more,
            ..dial(bench, 24)
        },
    )?;
    must_fail(called.answer, "the REFER")
}

fn other_methods(bench: &Bench) -> Result<()> {
    for method in ["MESSAGE", "SUBSCRIBE", "PUBLISH", "NOTIFY", "REGISTER"] {
        let uri = format!("sip:{}@{}", international(216), bench.trunk_name);
        let more = format!(
            "Route: <sip:{};lr>\r\nRoute: <sip:{};lr>\r\n",
            bench.switch, bench.trunk_name
        );
        let called = bench.phone()?.ask(
            method,
            Dial {
                more,
                ..Dial::new(uri)
            },
        )?;
        must_fail(called.answer, method)?;
    }
    Ok(())
}

fn other_body(bench: &Bench) -> Result<()> {
    let text = format!(
        "INVITE sip:{}@{} SIP/2.0\r\n",
        international(217),
        bench.trunk_name
    );
    let body = Some(("message/sipfrag".to_owned(), text));
    let called = bench.phone()?.make(Dial {
        body,
        ..dial(bench, 32)
    })?;
    ensure!(called.status().is_some(), "no answer");
    Ok(())
}

fn stranger(bench: &Bench) -> Result<()> {
    let Some(mut phone) = bench.stranger()? else {
        return bench.left_out("--stranger");
    };
    let called = phone.dial(&national(33))?;
    must_fail(called.answer, "the stranger")?;
    let uri = at_the_trunk(bench, 33);
    let reached = bench.trunk.reached();
    ensure!(
        !reached.iter().any(|reached| reached.message.uri() == uri),
        "the stranger got through"
    );
    must_fail(phone.dial(&national(218))?.answer, "the stranger")
}

fn at_the_trunk_side(bench: &Bench) -> Result<()> {
    let Some(side) = bench.trunk_side else {
        return bench.left_out("--switch-trunk-side");
    };
    let uri = format!("sip:{}@{}", international(220), bench.trunk_name);
    must_fail(
        bench.impatient_phone_at(side)?.make(Dial::new(uri))?.answer,
        "the INVITE",
    )?;
    let called = bench.impatient_phone_at(side)?.dial(&national(34))?;
    must_fail(called.answer, "the INVITE")
}

fn from_the_trunk(bench: &Bench) -> Result<()> {
    let Some(side) = bench.trunk_side else {
        return bench.left_out("--switch-trunk-side");
    };
    let here = bench.trunk.address()?;
    let uri = format!("sip:{}@{}", international(221), bench.trunk_name);
    let text = format!(
        "INVITE {uri} SIP/2.0\r\nVia: SIP/2.0/UDP {here};branch=z9hG4bKinward;rport\r\nMax-Forwards: 70\r\n\
         From: <sip:far@{here}>;tag=inward\r\nTo: <{uri}>\r\nCall-ID: inward\r\nCSeq: 1 INVITE\r\n\
         Contact: <sip:far@{here}>\r\nContent-Length: 0\r\n\r\n"
    );
    bench.trunk.send(&text, side)?;
    let answer = bench.trunk.wait_for(bench.settles(), |message| {
        message.status().is_some_and(|status| status >= 200) && message.field("Call-ID") == "inward"
    });
    must_fail(
        answer
            .map(|reached| reached.message)
            .filter(|answer| answer.status() < Some(300)),
        "the INVITE",
    )
}

fn taken_back(bench: &Bench) -> Result<()> {
    let mut phone = bench.phone()?;
    let dial = dial(bench, SLOWLY_ALLOWED);
    phone.begin(&dial)?;
    // A CANCEL follows an answer (RFC 3261, section 9.1): that of the switch, as the gate has not spoken yet.
    let trying = phone.receive(bench.settles())?;
    ensure!(
        trying.is_some_and(|answer| answer.status() < Some(200)),
        "no provisional answer"
    );
    phone.cancel(&dial)?;
    let answer = phone.final_answer(&dial, "1 INVITE")?;
    ensure!(answer.is_some(), "the INVITE got no final answer");
    must_fail(answer, "the INVITE")
}
