//! The hub as a process runs it: bound, ready, stopped.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use casework::Policy;
use clap::Parser;
use feed::{AlwaysAllowed, CoSigned, SigningKey, public_key_from_hex};
use hub::cli::{HubCommand, execute};
use hub::keys::HubKeys;
use hub::run::{AlwaysAllowedFile, HubConfig, WebMode, run};
use hub::seams::Seams;
use hub::store::StoreMark;
use tokio::sync::oneshot;

#[derive(Parser)]
struct Cli {
    #[command(subcommand)]
    hub: HubCommand,
}

async fn command(line: &[&str]) -> anyhow::Result<()> {
    execute(Cli::try_parse_from(["hub"].iter().chain(line))?.hub).await
}

fn written(folder: &Path, name: &str, bytes: &[u8]) -> PathBuf {
    let file = folder.join(name);
    std::fs::write(&file, bytes).unwrap();
    file
}

fn root(n: u8) -> SigningKey {
    SigningKey::from_bytes(&[n; 32])
}

/// A list of one number, as two root keys signed it.
fn signed_list(roots: [u8; 2]) -> Vec<u8> {
    let numbers = hub::always_allowed::read_csv(b"number,name\n116123,Samaritans\n").unwrap();
    let list = AlwaysAllowed { version: 1, numbers };
    let [one, other] = roots.map(root);
    CoSigned::sign(&list, [&one, &other]).unwrap().to_file()
}

fn config(folder: &Path, mark: StoreMark, web: WebMode) -> HubConfig {
    HubConfig {
        database: format!("sqlite://{}", folder.join("hub.db").display()),
        keys: folder.join("keys"),
        listen: SocketAddr::from(([127, 0, 0, 1], 0)),
        mark,
        policy: written(folder, "good-policy.toml", Policy::BUILT_IN.as_bytes()),
        always_allowed: AlwaysAllowedFile {
            file: written(folder, "always-allowed.signed", &signed_list([1, 2])),
            roots: vec![root(1).verifying_key(), root(2).verifying_key()],
        },
        one_pass_in: 0,
        connections: hub::run::CONNECTIONS,
        answer_times: hub::applications::AnswerTimes::default(),
        raise_alerts: hub::custody::RaiseAlerts::default(),
        web,
    }
}

fn keys(folder: &Path, mark: StoreMark) {
    HubKeys::create(&folder.join("keys"), mark, &*Seams::real().random).unwrap();
}

#[tokio::test]
async fn a_demonstration_answers_to_this_machines_own_names_and_stops_when_told() {
    let folder = tempfile::tempdir().unwrap();
    keys(folder.path(), StoreMark::Demo);
    let (say, heard) = oneshot::channel();
    let (stop, stopped) = oneshot::channel::<()>();
    let config = config(folder.path(), StoreMark::Demo, WebMode::Demo);
    let mut running = tokio::spawn(run(
        config,
        Seams::real(),
        |ready| say.send(ready.address).unwrap(),
        async { stopped.await.unwrap() },
    ));
    let address = tokio::select! {
        address = heard => address.unwrap(),
        ended = &mut running => panic!("the hub did not start: {ended:?}"),
    };
    let client = reqwest::Client::new();
    let ask = |host: String| {
        client
            .get(format!("http://{address}/v1/health"))
            .header("Host", host)
            .send()
    };
    assert_eq!(ask(address.to_string()).await.unwrap().status(), 200);
    assert_eq!(
        ask(format!("localhost:{}", address.port()))
            .await
            .unwrap()
            .status(),
        200
    );
    assert_eq!(ask("elsewhere.example".to_owned()).await.unwrap().status(), 421);
    drop(client);
    stop.send(()).unwrap();
    running.await.unwrap().unwrap();
}

#[tokio::test]
async fn a_hub_does_not_start_where_it_must_not() {
    let folder = tempfile::tempdir().unwrap();
    keys(folder.path(), StoreMark::Demo);
    let good = config(folder.path(), StoreMark::Demo, WebMode::Demo);
    let bad_policy = folder.path().join("policy.toml");
    std::fs::write(&bad_policy, "version = 'none'").unwrap();
    let list = |bytes: &[u8]| {
        let mut config = good.clone();
        let name = format!("list-{}", blake3::hash(bytes));
        config.always_allowed.file = written(folder.path(), &name, bytes);
        config
    };
    let table = [
        (
            "for all to reach",
            HubConfig {
                listen: SocketAddr::from(([0, 0, 0, 0], 0)),
                ..good.clone()
            },
        ),
        (
            "with a demonstration's keys",
            HubConfig {
                mark: StoreMark::Service,
                web: WebMode::None,
                ..good.clone()
            },
        ),
        (
            "with a role chooser for the service",
            HubConfig {
                mark: StoreMark::Service,
                ..good.clone()
            },
        ),
        (
            "with a bad policy",
            HubConfig {
                policy: bad_policy,
                ..good.clone()
            },
        ),
        (
            "without the policy asked for",
            HubConfig {
                policy: folder.path().join("none"),
                ..good.clone()
            },
        ),
        ("with a list that one person signed", list(&signed_list([1, 1]))),
        ("with a list that a stranger signed", list(&signed_list([1, 3]))),
        (
            "with a list that nobody signed",
            list(hub::always_allowed::BUILT_IN.as_bytes()),
        ),
        (
            "without keys",
            HubConfig {
                keys: folder.path().join("none"),
                ..good.clone()
            },
        ),
    ];
    for (what, config) in table {
        assert!(hub::run::open(&config, Seams::real()).await.is_err(), "{what}");
    }
    assert!(hub::run::open(&good, Seams::real()).await.is_ok());
}

#[tokio::test]
async fn a_hub_that_is_not_told_its_policy_or_its_list_says_how_to_get_them() {
    let folder = tempfile::tempdir().unwrap();
    let database = format!("sqlite://{}", folder.path().join("hub.db").display());
    let place = ["run", "--database", &database, "--keys", "keys"];
    let refused = async |more: &[&str]| {
        let error = command(&[&place[..], more].concat()).await.unwrap_err();
        format!("{error:#}")
    };
    assert!(refused(&[]).await.contains("`upcs hub policy > policy.toml`"));
    let without_list = refused(&["--policy", "policy.toml"]).await;
    assert!(
        without_list.contains("`upcs hub always-allowed sign`"),
        "{without_list}"
    );
    command(&["policy"]).await.unwrap();
}

#[tokio::test]
async fn an_operator_sets_a_hub_up_from_the_command_line() {
    let folder = tempfile::tempdir().unwrap();
    let database = format!("sqlite://{}", folder.path().join("hub.db").display());
    let keys = folder.path().join("keys").display().to_string();
    let place = ["--database", &database, "--keys", &keys, "--operator", "Olwen"];
    command(&[&["init"], &place[..]].concat()).await.unwrap();
    assert!(
        command(&[&["init"], &place[..]].concat()).await.is_err(),
        "keys are never overwritten"
    );
    let on = ["prison", "on", "LEI", "--regime", "call-enabling"];
    command(&[&on, &place[..]].concat()).await.unwrap();
    let barring = ["prison", "on", "MDI", "--regime", "call-barring"];
    assert!(
        command(&[&barring, &place[..]].concat()).await.is_err(),
        "a second operator must be told why"
    );
    command(&[&barring[..], &["--reason", "no approved lists yet"], &place[..]].concat())
        .await
        .unwrap();
    command(&[&["gate-code", "LEI"], &place[..]].concat())
        .await
        .unwrap();
    command(&[&["key", "add", "Mercia Police", "--kind", "police"], &place[..]].concat())
        .await
        .unwrap();
    let account = ["account", "add", "--name", "Mo", "--role", "mailroom"];
    assert!(
        command(&[&account, &place[..]].concat()).await.is_err(),
        "a mailroom is in a prison"
    );
    command(&[&account[..], &["--prison", "LEI"], &place[..]].concat())
        .await
        .unwrap();
    let stranger = [&["gate-code", "LEI"], &place[..4], &["--operator", "Nobody"]].concat();
    assert!(command(&stranger).await.is_err());
}

#[tokio::test]
async fn the_always_allowed_list_is_signed_by_two_different_keys() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    let (one, other, out) = (path("one"), path("other"), path("list"));
    for key in [&one, &other] {
        command(&["always-allowed", "root-key", key]).await.unwrap();
    }
    assert!(
        command(&["always-allowed", "root-key", &one]).await.is_err(),
        "never overwritten"
    );
    let sign = |second: &str| {
        let line = [
            "always-allowed",
            "sign",
            "--version",
            "2",
            "--out",
            &out,
            "--keys",
            &one,
            second,
        ];
        line.map(str::to_owned)
    };
    let twice = sign(&one);
    assert!(
        command(&twice.each_ref().map(String::as_str)).await.is_err(),
        "one person twice"
    );
    let both = sign(&other);
    command(&both.each_ref().map(String::as_str)).await.unwrap();
    let public = |file: &str| {
        let secret = data_encoding::HEXLOWER
            .decode(std::fs::read(file).unwrap().as_slice())
            .unwrap();
        let key = feed::SigningKey::from_bytes(&secret.try_into().unwrap()).verifying_key();
        public_key_from_hex(&feed::public_key_to_hex(&key)).unwrap()
    };
    let signed = CoSigned::<AlwaysAllowed>::parse(&std::fs::read(&out).unwrap()).unwrap();
    let list = signed.verify(&[public(&one), public(&other)]).unwrap();
    assert_eq!((list.version, list.numbers.len()), (2, 3));
}
