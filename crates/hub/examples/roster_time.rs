//! How long a roster's file takes, what others wait meanwhile, and what an event costs with all of it in memory: `cargo
//! run --release -p hub --example roster_time [ROWS] [postgres://...]`. A store in a fresh folder on this machine's
//! disk, or an empty database; a million rows by default. Bars are written through a second store over the same
//! database, as the hub beside the command would, and the roster in memory is asked all the time.
#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "a command line")]

use std::io::{BufReader, Write};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use casework::{Actor, BarTarget, CaseId, KnownOfPrisoner, OrganisationKind, Policy, Role};
use hub::custody::{Custody, CustodyEvent, Occurred, Reception};
use hub::keys::HubKeys;
use hub::lists::{RosterFormat, RosterLimits, RosterReader, settle};
use hub::seams::Seams;
use hub::store::{RosterFile, RosterPiece, Store, StoreMark};
use jiff::Timestamp;

#[tokio::main]
async fn main() {
    let rows: u64 = argument(1).map_or(1_000_000, |rows| rows.parse().unwrap());
    let folder = tempfile::tempdir_in(".").unwrap();
    let url = format!("sqlite://{}", folder.path().join("hub.db").display());
    let url = argument(2).unwrap_or(url);
    let file = folder.path().join("roster.jsonl");
    write_roster(&file, rows, 0);
    let mib = std::fs::metadata(&file).unwrap().len() / (1024 * 1024);
    println!("a file of {rows} rows, {mib} MiB");
    let place = Place::open(&url).await;
    let custody = Arc::new(Custody::read(&place.hub).await.unwrap());
    place.import("first", &file, &custody).await;
    place.import("again, the same words", &file, &custody).await;
    write_roster(&file, rows, 100);
    place.import("again, one in 100 moved", &file, &custody).await;
    place.events(&custody).await;
    println!("most memory at any time: {} MiB", status("VmHWM"));
}

fn now() -> Timestamp {
    Seams::real().clock.now()
}

fn argument(at: usize) -> Option<String> {
    std::env::args().nth(at)
}

/// A number of this process as the system has it, in MiB.
fn status(name: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status
        .lines()
        .find(|line| line.starts_with(name))
        .unwrap_or_default();
    let kib = line
        .split_whitespace()
        .nth(1)
        .and_then(|kib| kib.parse::<u64>().ok());
    kib.unwrap_or(0) / 1024
}

const PRISONS: [&str; 6] = ["LEI", "MDI", "WDI", "BXI", "OUT", "OUT"];
const SOUNDS: [&str; 16] = [
    "ba", "le", "mor", "ti", "san", "du", "ke", "ros", "vi", "hal", "no", "fen", "ga", "wy", "pru", "ost",
];

/// An invented name, one of some thousands.
fn name(mut n: u64) -> String {
    let mut name = String::new();
    for _ in 0..3 {
        name.push_str(SOUNDS[(n % 16) as usize]);
        n /= 16;
    }
    name
}

/// Invented prisoners, of whom one in `moved` is elsewhere than in the file before.
fn write_roster(path: &Path, rows: u64, moved: u64) {
    let mut out = std::io::BufWriter::new(std::fs::File::create(path).unwrap());
    for n in 0..rows {
        let mixed = n.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 20;
        let away = u64::from(moved > 0 && n % moved == 0);
        let prison = PRISONS[((mixed + away) % 6) as usize];
        let status = if prison == "OUT" {
            "INACTIVE OUT"
        } else {
            "ACTIVE IN"
        };
        let (letter, pair) = (b'A' + (n / 260_000 % 26) as u8, b'A' + (n / 10_000 % 26) as u8);
        writeln!(
            out,
            "{{\"prisonerNumber\":\"{}{:04}{}C\",\"pncNumber\":\"{}/{}A\",\"firstName\":\"{}\",\"middleNames\":\"{}\",\
             \"lastName\":\"{}\",\"dateOfBirth\":\"{}-{:02}-{:02}\",\"gender\":\"Male\",\"status\":\"{status}\",\
             \"prisonId\":\"{prison}\",\"lastPrisonId\":\"LEI\",\"mostSeriousOffence\":\"Theft\",\
             \"aliases\":[{{\"firstName\":\"{}\",\"lastName\":\"{}\"}}]}}",
            letter as char, n % 10_000, pair as char, 1990 + mixed % 30, mixed % 1_000_000, name(mixed),
            name(mixed >> 7), name(mixed >> 13), 1950 + mixed % 55, 1 + mixed % 12, 1 + mixed % 28,
            name(mixed >> 3), name(mixed >> 13),
        )
        .unwrap();
    }
}

struct Place {
    /// Of the hub.
    hub: Arc<Store>,
    /// Of the command.
    command: Store,
    operator: Actor,
    handler: Actor,
    case: CaseId,
}

impl Place {
    async fn open(url: &str) -> Self {
        let keys = || {
            Arc::new(HubKeys::from_secrets(
                StoreMark::Demo,
                &[1; 32],
                &[2; 32],
                &[3; 32],
            ))
        };
        let open = async || {
            Store::open(url, keys(), StoreMark::Demo, Seams::real())
                .await
                .unwrap()
        };
        let (hub, command) = (open().await, open().await);
        let operator = hub.add_account(None, "Operator", Role::Operator).await.unwrap();
        let police = Role::Referrer {
            organisation: OrganisationKind::Police,
        };
        let police = hub.add_account(Some(&operator), "Police", police).await.unwrap();
        let handler = hub
            .add_account(Some(&operator), "Handler", Role::CaseHandler)
            .await
            .unwrap();
        let case = file_case(&hub, &police, &handler).await;
        Self {
            hub: Arc::new(hub),
            command,
            operator,
            handler,
            case,
        }
    }

    /// What the command does, with bars and questions meanwhile.
    async fn import(&self, which: &str, path: &Path, custody: &Arc<Custody>) {
        let barring = Waits::of(bar_on(Arc::clone(&self.hub), self.handler.clone(), self.case));
        let asking = Waits::of(ask_on(Arc::clone(custody)));
        let begun = Instant::now();
        let file = RosterFile {
            hash: which.to_owned(),
            format: "json",
            as_of: now(),
        };
        let staging = self.command.begin_roster(&self.operator, &file).await.unwrap();
        let (lines, longest) = self.stage(staging.id, path).await;
        let staged = begun.elapsed();
        let showing = Instant::now();
        let taken = self
            .command
            .show_roster(&self.operator, staging.id, lines)
            .await
            .unwrap();
        let shown = showing.elapsed();
        let settling = Instant::now();
        settle(&self.command, Duration::ZERO, |_| {}).await.unwrap();
        let settled = settling.elapsed();
        let reading = Instant::now();
        custody.refresh(&self.hub).await.unwrap();
        println!("{which}: {taken}");
        println!(
            "  staged in {:.1} s ({:.0} rows a second, longest transaction {longest:.0?}), visible in {shown:.1?}, put \
             away in {:.1} s, read into memory in {:.1} s",
            staged.as_secs_f64(),
            lines as f64 / staged.as_secs_f64(),
            settled.as_secs_f64(),
            reading.elapsed().as_secs_f64(),
        );
        println!("  memory now {} MiB", status("VmRSS"));
        println!("  bars meanwhile: {}", barring.stop().await);
        println!("  answers meanwhile: {}", asking.stop().await);
    }

    async fn stage(&self, id: uuid::Uuid, path: &Path) -> (u64, Duration) {
        let source = BufReader::with_capacity(1024 * 1024, std::fs::File::open(path).unwrap());
        let mut reader = RosterReader::new(source, RosterFormat::Json, RosterLimits::DEFAULT).unwrap();
        let (mut after, mut longest, mut records) = (0, Duration::ZERO, Vec::new());
        loop {
            let row = reader.next_row().unwrap();
            let at_end = row.is_none();
            let to = row.as_ref().map_or(reader.lines(), |row| row.line);
            records.extend(row.and_then(|row| row.row.ok()));
            if at_end || records.len() == RosterLimits::DEFAULT.batch_rows {
                let begun = Instant::now();
                let piece = RosterPiece {
                    after,
                    to,
                    records: std::mem::take(&mut records),
                };
                self.command
                    .stage_roster(&self.operator, id, piece)
                    .await
                    .unwrap();
                longest = longest.max(begun.elapsed());
                after = to;
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            if at_end {
                return (after, longest);
            }
        }
    }

    /// What one event costs, from the store to the roster in memory.
    async fn events(&self, custody: &Arc<Custody>) {
        let by = self.hub.itself();
        let asking = Waits::of(ask_on(Arc::clone(custody)));
        let (mut stored, mut followed) = (Vec::new(), Vec::new());
        for n in 0..200_u64 {
            let prisoner = format!("A{:04}AC", n * 37 % 10_000).parse().unwrap();
            let prison = PRISONS[(n % 4) as usize].parse().unwrap();
            let event = CustodyEvent::Received {
                prisoner,
                prison,
                reason: Reception::Transferred,
            };
            let begun = Instant::now();
            let occurred = Occurred { at: now(), event };
            self.hub
                .record_custody_event(&by, "a.kind", &occurred)
                .await
                .unwrap();
            stored.push(begun.elapsed());
            let begun = Instant::now();
            custody.refresh(&self.hub).await.unwrap();
            followed.push(begun.elapsed());
            assert_eq!(custody.prisoner(prisoner).unwrap().prison_id, Some(prison));
        }
        println!("events: stored {}", spread(stored));
        println!("  followed in memory {}", spread(followed));
        println!("  answers meanwhile: {}", asking.stop().await);
        let begun = Instant::now();
        let anew = Custody::read(&self.hub).await.unwrap();
        println!(
            "  reading all of it anew instead: {:.1} s, memory then {} MiB",
            begun.elapsed().as_secs_f64(),
            status("VmRSS")
        );
        drop(anew);
    }
}

/// Something that is done again and again while something else goes on.
struct Waits {
    task: tokio::task::JoinHandle<()>,
    waits: Arc<std::sync::Mutex<Vec<Duration>>>,
}

impl Waits {
    fn of<Once, Doing>(mut once: Once) -> Self
    where
        Once: FnMut(u64) -> Doing + Send + 'static,
        Doing: Future<Output = ()> + Send + 'static,
    {
        let waits = Arc::new(std::sync::Mutex::new(Vec::new()));
        let kept = Arc::clone(&waits);
        let task = tokio::spawn(async move {
            for n in 0.. {
                let begun = Instant::now();
                once(n).await;
                kept.lock().unwrap().push(begun.elapsed());
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        });
        Self { task, waits }
    }

    async fn stop(self) -> String {
        self.task.abort();
        let _ = self.task.await;
        spread(std::mem::take(&mut self.waits.lock().unwrap()))
    }
}

fn spread(mut waits: Vec<Duration>) -> String {
    waits.sort();
    let at = |part: f64| waits[((waits.len() - 1) as f64 * part) as usize];
    format!(
        "{} times, p50 {:.1?}, p99 {:.1?}, longest {:.1?}",
        waits.len(),
        at(0.5),
        at(0.99),
        at(1.0)
    )
}

fn bar_on(store: Arc<Store>, handler: Actor, case: CaseId) -> impl FnMut(u64) -> BoxedOnce + Send {
    move |n| {
        let (store, handler) = (Arc::clone(&store), handler.clone());
        Box::pin(async move {
            let number = phone::resolve(&format!("01632 960{:03}", n % 1_000), None)
                .unwrap()
                .number;
            store
                .add_target(&handler, case, &BarTarget::Number(number))
                .await
                .unwrap();
        })
    }
}

type BoxedOnce = std::pin::Pin<Box<dyn Future<Output = ()> + Send>>;

fn ask_on(custody: Arc<Custody>) -> impl FnMut(u64) -> BoxedOnce + Send {
    move |n| {
        let custody = Arc::clone(&custody);
        Box::pin(async move {
            let known = KnownOfPrisoner {
                first_name: Some(name(n * 31).as_str().into()),
                last_name: Some(name(n * 17).as_str().into()),
                age_years: Some(40),
                ..KnownOfPrisoner::default()
            };
            let asked = tokio::task::spawn_blocking(move || custody.locate(&known, now()));
            asked.await.unwrap();
        })
    }
}

/// A case to bar numbers under.
async fn file_case(store: &Store, police: &Actor, handler: &Actor) -> CaseId {
    let request = serde_json::json!({
        "referrer": { "kind": "police", "name": "PC Ada Example" },
        "people": [{ "name": "Rhian Invented", "numbers": ["07700 900001"] }],
        "consent": { "consent": "given" }, "why": "He rings her.",
    });
    let request: casework::ContactRequest = serde_json::from_value(request).unwrap();
    let policy = Policy::parse(Policy::BUILT_IN).unwrap();
    let number = phone::resolve("07700 900001", None).unwrap().number;
    let filing = hub::store::Filing {
        ruling: policy.rule(&request),
        caps: policy.caps,
        targets: vec![hub::store::ScreenedTarget {
            target: Some(BarTarget::Number(number)),
            wanted: hub::store::Wanted::Bar,
            position: "people[0].numbers[0]".to_owned(),
        }],
        request,
        linked_to: None,
        named: hub::store::NamedPrisoners::default(),
    };
    let receipt = store.file_request(police, None, filing).await.unwrap();
    let key = hub::store::CaseKey::from(receipt.reference);
    store.open_case(handler, key).await.unwrap().case
}
