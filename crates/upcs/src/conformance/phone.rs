//! The mock phone: makes calls at a switch as the prison's phone platform does, and as nobody should.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use super::end::End;
use super::message::{Message, answer_to};

/// The first wait before an INVITE is sent again (RFC 3261, T1); doubled each time.
const FIRST_WAIT: Duration = Duration::from_millis(500);

/// One phone at a switch.
pub struct Phone {
    end: End,
    switch: SocketAddr,
    here: SocketAddr,
    /// Requests from the switch that nobody has asked for yet.
    asked: Vec<Message>,
    patience: Duration,
}

/// What is dialled, and how.
#[derive(Clone, Debug)]
pub struct Dial {
    /// The Request-URI.
    pub uri: String,
    /// The To field; the Request-URI unless said otherwise.
    pub to: Option<String>,
    /// The user part of From.
    pub from: String,
    /// Further lines, each with its end.
    pub more: String,
    /// The user part of Contact.
    pub contact: String,
    /// The type of the body, and the body.
    pub body: Option<(String, String)>,
    /// Call-ID and From tag.
    pub name: String,
    /// The number of CSeq.
    pub cseq: u32,
}

impl Dial {
    /// An ordinary call to a Request-URI.
    pub fn new(uri: String) -> Self {
        static CALLS: AtomicU32 = AtomicU32::new(0);
        let count = CALLS.fetch_add(1, Ordering::Relaxed);
        Self {
            uri,
            to: None,
            from: "A1234BC".to_owned(),
            more: String::new(),
            contact: "phone".to_owned(),
            body: None,
            name: format!("call-{}-{count}", std::process::id()),
            cseq: 1,
        }
    }
}

/// A call that was made, and its last answer.
#[derive(Clone, Debug)]
pub struct Called {
    /// How.
    pub dial: Dial,
    /// The final answer, if one came.
    pub answer: Option<Message>,
    cseq: u32,
}

impl Called {
    /// The final status, if there was an answer.
    pub fn status(&self) -> Option<u16> {
        self.answer.as_ref().and_then(Message::status)
    }
}

impl Phone {
    /// A phone that calls from `from`, and waits so long for a final answer.
    pub fn udp(from: SocketAddr, switch: SocketAddr, patience: Duration) -> Result<Self> {
        Self::at(End::udp(from, switch)?, switch, patience)
    }

    /// A phone on a TCP connection.
    pub fn tcp(switch: SocketAddr, patience: Duration) -> Result<Self> {
        Self::at(End::tcp(switch)?, switch, patience)
    }

    fn at(end: End, switch: SocketAddr, patience: Duration) -> Result<Self> {
        let here = end.here()?;
        Ok(Self {
            end,
            switch,
            here,
            asked: Vec::new(),
            patience,
        })
    }

    /// Where it calls.
    pub fn switch(&self) -> SocketAddr {
        self.switch
    }

    /// An ordinary call.
    pub fn dial(&mut self, dialled: &str) -> Result<Called> {
        let uri = format!("sip:{dialled}@{}", self.switch);
        self.make(Dial::new(uri))
    }

    /// Makes a call: INVITE, again while there is no answer, and the ACK of the final answer.
    pub fn make(&mut self, dial: Dial) -> Result<Called> {
        self.begin(&dial)?;
        let answer = self.final_answer(&dial, &format!("{} INVITE", dial.cseq))?;
        let called = Called {
            cseq: dial.cseq,
            answer,
            dial,
        };
        self.acknowledge(&called, None)?;
        Ok(called)
    }

    /// Sends the INVITE and waits for nothing.
    pub fn begin(&mut self, dial: &Dial) -> Result<()> {
        let invite = self.invite(dial);
        self.end.send(&invite)
    }

    /// The final answer to what was begun; an unanswered INVITE is sent again.
    pub fn final_answer(&mut self, dial: &Dial, cseq: &str) -> Result<Option<Message>> {
        let until = Instant::now() + self.patience;
        let mut wait = FIRST_WAIT;
        let mut again = Instant::now() + wait;
        let mut is_heard = matches!(self.end, End::Tcp(..)) || !cseq.ends_with("INVITE");
        loop {
            let now = Instant::now();
            if now >= until {
                return Ok(None);
            }
            if !is_heard && now >= again {
                self.begin(dial)?;
                wait *= 2;
                again = now + wait;
            }
            let next = if is_heard { until } else { until.min(again) };
            let Some(message) = self.receive(next.saturating_duration_since(now))? else {
                continue;
            };
            if message.field("Call-ID") != dial.name || message.field("CSeq") != cseq {
                continue;
            }
            is_heard = true;
            if message.status().is_some_and(|status| status >= 200) {
                return Ok(Some(message));
            }
        }
    }

    /// The next answer; requests are put aside for [`Phone::wait_for`].
    pub fn receive(&mut self, within: Duration) -> Result<Option<Message>> {
        match self.end.receive(within)? {
            Some(message) if message.status().is_none() => {
                self.asked.push(message);
                Ok(None)
            }
            message => Ok(message),
        }
    }

    /// Waits for a request of this method from the switch and answers it with 200.
    pub fn wait_for(&mut self, method: &str, within: Duration) -> Result<Option<Message>> {
        let until = Instant::now() + within;
        loop {
            if let Some(at) = self.asked.iter().position(|asked| asked.method() == Some(method)) {
                let asked = self.asked.remove(at);
                self.end.send(&answer_to(&asked, "200 OK", "phone", ""))?;
                return Ok(Some(asked));
            }
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Ok(None);
            }
            self.receive(left)?;
        }
    }

    /// A request within a call that was taken. `uri` replaces the Request-URI. Gives the final answer.
    pub fn say_within(
        &mut self,
        call: &mut Called,
        method: &str,
        uri: Option<&str>,
        more: &str,
    ) -> Result<Option<Message>> {
        call.cseq += 1;
        let cseq = format!("{} {method}", call.cseq);
        let text = self.within(call, &cseq, uri, more)?;
        self.end.send(&text)?;
        let answer = self.final_answer(&call.dial, &cseq)?;
        let is_taken = answer.as_ref().and_then(Message::status) == Some(200);
        if method == "INVITE" && is_taken {
            let ack = self.within(call, &format!("{} ACK", call.cseq), uri, more)?;
            self.end.send(&ack)?;
        }
        Ok(answer)
    }

    /// Takes the INVITE back.
    pub fn cancel(&mut self, dial: &Dial) -> Result<()> {
        let cancel = self.invite(dial);
        let cancel = cancel.replacen("INVITE ", "CANCEL ", 1);
        let cancel = cancel.replace(
            &format!("CSeq: {} INVITE", dial.cseq),
            &format!("CSeq: {} CANCEL", dial.cseq),
        );
        self.end.send(&cancel)
    }

    /// A request outside any call. Gives the final answer.
    pub fn ask(&mut self, method: &str, dial: Dial) -> Result<Called> {
        let text = self.invite(&dial).replacen("INVITE ", &format!("{method} "), 1);
        let cseq = format!("{} {method}", dial.cseq);
        let text = text.replace(&format!("CSeq: {} INVITE", dial.cseq), &format!("CSeq: {cseq}"));
        self.end.send(&text)?;
        let answer = self.final_answer(&dial, &cseq)?;
        Ok(Called {
            cseq: dial.cseq,
            answer,
            dial,
        })
    }

    /// The ACK of a final answer; `uri` replaces the Request-URI of that of a call which was taken.
    pub fn acknowledge(&mut self, call: &Called, uri: Option<&str>) -> Result<()> {
        let Some(answer) = &call.answer else {
            return Ok(());
        };
        if answer.status().is_some_and(|status| status < 300) {
            let ack = self.within(call, &format!("{} ACK", call.cseq), uri, "")?;
            return self.end.send(&ack);
        }
        let dial = &call.dial;
        let ack = format!(
            "ACK {} SIP/2.0\r\nVia: {}\r\nMax-Forwards: 70\r\nFrom: {}\r\nTo: {}\r\nCall-ID: {}\r\nCSeq: {} ACK\r\n\
             Content-Length: 0\r\n\r\n",
            dial.uri,
            self.via(&format!("{}-{}", dial.name, dial.cseq)),
            answer.field("From"),
            answer.field("To"),
            dial.name,
            dial.cseq
        );
        self.end.send(&ack)
    }

    fn via(&self, branch: &str) -> String {
        format!(
            "SIP/2.0/{} {};branch=z9hG4bK{branch};rport",
            self.end.transport(),
            self.here
        )
    }

    fn invite(&self, dial: &Dial) -> String {
        let to = dial.to.clone().unwrap_or_else(|| format!("<{}>", dial.uri));
        let (kind, body) = dial.body.clone().unwrap_or_default();
        let kind = if kind.is_empty() {
            kind
        } else {
            format!("Content-Type: {kind}\r\n")
        };
        format!(
            "INVITE {} SIP/2.0\r\nVia: {}\r\nMax-Forwards: 70\r\nFrom: <sip:{}@{}>;tag={}\r\nTo: {to}\r\n\
             Call-ID: {}\r\nCSeq: {} INVITE\r\nContact: <sip:{}@{}>\r\n{}{kind}Content-Length: {}\r\n\r\n{body}",
            dial.uri,
            self.via(&format!("{}-{}", dial.name, dial.cseq)),
            dial.from,
            self.here,
            dial.name,
            dial.name,
            dial.cseq,
            dial.contact,
            self.here,
            dial.more,
            body.len()
        )
    }

    fn within(&self, call: &Called, cseq: &str, uri: Option<&str>, more: &str) -> Result<String> {
        let answer = call.answer.as_ref().context("the call was not answered")?;
        let mut routes: Vec<&str> = answer.each("Record-Route").collect();
        routes.reverse();
        let routes: String = routes.iter().map(|route| format!("Route: {route}\r\n")).collect();
        let method = cseq.split(' ').nth(1).unwrap_or_default();
        let branch = format!("{}-{}", call.dial.name, cseq.replace(' ', "-"));
        Ok(format!(
            "{method} {} SIP/2.0\r\nVia: {}\r\nMax-Forwards: 70\r\n{more}{routes}From: {}\r\nTo: {}\r\nCall-ID: {}\r\n\
             CSeq: {cseq}\r\nContact: <sip:{}@{}>\r\nContent-Length: 0\r\n\r\n",
            uri.unwrap_or(answer.contact()),
            self.via(&branch),
            answer.field("From"),
            answer.field("To"),
            call.dial.name,
            call.dial.contact,
            self.here,
        ))
    }
}
