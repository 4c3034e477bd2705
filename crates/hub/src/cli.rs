//! `upcs hub ...`: what an operator does at the hub's own machine.
//!
//! Everything here acts as an account on record and is audited as that account's doing; what takes two people
//! takes two people on the pages.

mod always;
mod import;
mod no_contact;
mod operate;
mod queue;
mod roster;
mod session;
mod watch;

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use prison::{PrisonId, PrisonerNumber};

use crate::applications::AnswerTimes;
use crate::custody::RaiseAlerts;

/// What `upcs hub` can do.
#[derive(Debug, Subcommand)]
pub enum HubCommand {
    /// Make the keys, the store and the first operator's account
    Init(InitArgs),
    /// Run the hub
    Run(RunArgs),
    /// Make an account and, for an organisation, its key
    #[command(subcommand)]
    Account(AccountCommand),
    /// Make a key for an organisation; it is shown once
    #[command(subcommand)]
    Key(KeyCommand),
    /// Ask for a gate's enrolment code; good once, for one prison, for an hour
    GateCode(GateCodeArgs),
    /// Make a gate's fingerprint key anew, if somebody may have learnt it
    RenewGateKey(RenewGateKeyArgs),
    /// Begin a new session of the feed, as after a restore
    #[command(subcommand)]
    Session(session::SessionCommand),
    /// Switch a prison on to the service
    #[command(subcommand)]
    Prison(PrisonCommand),
    /// Record that two prison numbers are one person's: what is barred for one of them alone is barred for both
    Merge(MergeArgs),
    /// Plant numbers and addresses that are nobody's: whoever tries one has read what he should not
    #[command(subcommand)]
    Canary(CanaryCommand),
    /// Print the attestation of one prison and day, for `upcs attest verify`
    Attestation(AttestationArgs),
    /// Contact applications
    #[command(subcommand)]
    Applications(ApplicationsCommand),
    /// Print the policy file that the service ships with, to begin with
    Policy,
    /// Sign the always-allowed list with two root keys
    #[command(subcommand)]
    AlwaysAllowed(always::AlwaysAllowedCommand),
    /// Take over a prison's approved list; a second person of the prison approves it on the pages
    #[command(subcommand)]
    List(import::ListCommand),
    /// Take over the roster of prisoners
    #[command(subcommand)]
    Roster(roster::RosterCommand),
    /// Take the prison service's events from the queue in which they stand, until told to stop
    FollowQueue(queue::FollowQueueArgs),
    /// Say that the queue is followed no longer, so that it raises no alarm when nothing reads it
    ForgetQueue(queue::ForgetQueueArgs),
    /// Take over the no-contact lists that prisons keep, and report their gaps
    #[command(subcommand)]
    NoContact(no_contact::NoContactCommand),
}

/// Where the hub keeps its store and its keys.
#[derive(Clone, Debug, Args)]
pub struct Place {
    /// The store: sqlite://PATH or postgres://...
    #[arg(long, env = "UPCS_DATABASE")]
    pub database: String,
    /// The folder of the keys; never the store's folder
    #[arg(long, env = "UPCS_KEYS")]
    pub keys: PathBuf,
    /// The store and the keys are a demonstration's
    #[arg(long)]
    pub demo: bool,
}

/// `hub init`
#[derive(Debug, Args)]
pub struct InitArgs {
    /// Where.
    #[command(flatten)]
    pub place: Place,
    /// The first operator's name
    #[arg(long)]
    pub operator: String,
}

/// `hub run`
#[derive(Debug, Args)]
pub struct RunArgs {
    /// Where.
    #[command(flatten)]
    pub place: Place,
    /// How.
    #[command(flatten)]
    pub how: RunHow,
}

/// How a hub runs.
#[derive(Debug, Args)]
pub struct RunHow {
    /// Where to listen; port 0 takes any free one
    #[arg(long, default_value = "127.0.0.1:8470")]
    pub listen: SocketAddr,
    /// The policy file: when a bar comes at once; `upcs hub policy` prints one to begin with
    #[arg(long)]
    pub policy: Option<PathBuf>,
    /// The always-allowed list, co-signed: the same file as the gates have
    #[arg(long, requires = "root")]
    pub always_allowed: Option<PathBuf>,
    /// A root key that may sign the always-allowed list, 64 hexadecimal digits; give at least two
    #[arg(long)]
    pub root: Vec<String>,
    /// One address in so many is a decoy, whose letters go to the shelf; 0 for none
    #[arg(long, default_value_t = crate::mailroom::ONE_PASS_IN)]
    pub one_pass_in: u32,
    /// Whether a no-contact alert, naming nobody, is asked for on the record of a prisoner whom a case bars
    #[arg(long, value_enum, default_value_t = RaiseAlerts::default())]
    pub raise_alerts: RaiseAlerts,
    /// Connections at the same time; each gate wants three, and those that are one too many wait
    #[arg(long, default_value_t = crate::run::CONNECTIONS)]
    pub connections: u32,
    /// When contact applications of a day are answered, London time
    #[arg(long, default_value = "07:00")]
    pub applications_at: AnswerTimes,
    /// Answer contact applications every so many seconds instead: in a demonstration alone
    #[arg(long, requires = "demo", conflicts_with = "applications_at")]
    pub applications_every: Option<u32>,
}

impl RunHow {
    fn answer_times(&self) -> AnswerTimes {
        match self.applications_every {
            Some(seconds) => AnswerTimes::Every { seconds },
            None => self.applications_at,
        }
    }
}

/// `hub account ...`
#[derive(Debug, Subcommand)]
pub enum AccountCommand {
    /// Make an account
    Add {
        /// Where.
        #[command(flatten)]
        place: Place,
        /// The operator who does it, by name
        #[arg(long)]
        operator: String,
        /// The account's name
        #[arg(long)]
        name: String,
        /// What the account is for
        #[arg(long)]
        role: RoleName,
        /// The prison that it is confined to, for prison roles
        #[arg(long)]
        prison: Option<PrisonId>,
        /// Print a key for the account's own system as well; it is shown once
        #[arg(long)]
        key: bool,
    },
}

/// `hub key ...`
#[derive(Debug, Subcommand)]
pub enum KeyCommand {
    /// Make an account for an organisation and its key
    Add {
        /// Where.
        #[command(flatten)]
        place: Place,
        /// The operator who does it, by name
        #[arg(long)]
        operator: String,
        /// The organisation's name
        organisation: String,
        /// Its kind
        #[arg(long)]
        kind: OrganisationName,
    },
}

/// `hub gate-code`
#[derive(Debug, Args)]
pub struct GateCodeArgs {
    /// Where.
    #[command(flatten)]
    pub place: Place,
    /// The operator who does it, by name
    #[arg(long)]
    pub operator: String,
    /// The prison, as LEI
    pub prison: PrisonId,
}

/// `hub renew-gate-key`
#[derive(Debug, Args)]
pub struct RenewGateKeyArgs {
    /// Where.
    #[command(flatten)]
    pub place: Place,
    /// The operator who does it, by name
    #[arg(long)]
    pub operator: String,
    /// The gate, 32 hexadecimal digits
    pub gate: String,
}

/// `hub merge`
#[derive(Debug, Args)]
pub struct MergeArgs {
    /// Where.
    #[command(flatten)]
    pub place: Place,
    /// The operator who does it, by name
    #[arg(long)]
    pub operator: String,
    /// The prison number that is used no longer, as A1234BC
    pub gone: PrisonerNumber,
    /// The prison number that he has from now on
    #[arg(long)]
    pub into: PrisonerNumber,
}

/// `hub prison ...`
#[derive(Debug, Subcommand)]
pub enum PrisonCommand {
    /// Switch a prison on
    On {
        /// Where.
        #[command(flatten)]
        place: Place,
        /// The operator who does it, by name
        #[arg(long)]
        operator: String,
        /// The prison, as LEI
        prison: PrisonId,
        /// What becomes of a number that is neither barred nor approved
        #[arg(long)]
        regime: RegimeName,
        /// Why, under call barring: a second operator must agree
        #[arg(long, required_if_eq("regime", "call-barring"))]
        reason: Option<String>,
    },
}

/// `hub canary ...`
#[derive(Debug, Subcommand)]
pub enum CanaryCommand {
    /// Plant a number or an address: it is barred, and a try at it raises an alert with the label
    Add {
        /// Where.
        #[command(flatten)]
        place: Place,
        /// The operator who does it, by name
        #[arg(long)]
        operator: String,
        /// Where it is planted, as "the file of the Leeds PINphone office"
        #[arg(long)]
        label: String,
        /// The number; one of your own that nobody has a reason to dial
        #[arg(required_unless_present = "address", conflicts_with = "address")]
        number: Option<String>,
        /// An address instead, one that nobody has a reason to write to: a letter to it raises the alert
        #[arg(long)]
        address: Option<String>,
    },
    /// Print each label and the case that bars its number or address
    List {
        /// Where.
        #[command(flatten)]
        place: Place,
        /// The operator who does it, by name
        #[arg(long)]
        operator: String,
    },
}

/// `hub attestation`
#[derive(Debug, Args)]
pub struct AttestationArgs {
    /// Where.
    #[command(flatten)]
    pub place: Place,
    /// Print the hub's public key instead, 64 hexadecimal digits
    #[arg(long, conflicts_with_all = ["date", "prison"])]
    pub hub_key: bool,
    /// The day, UTC, as 2026-11-26
    #[arg(long, required_unless_present = "hub_key")]
    pub date: Option<jiff::civil::Date>,
    /// The prison, as LEI
    #[arg(long, required_unless_present = "hub_key")]
    pub prison: Option<PrisonId>,
}

/// `hub applications ...`
#[derive(Debug, Subcommand)]
pub enum ApplicationsCommand {
    /// Answer what is due: the batch that a running hub answers by itself
    Answer {
        /// Where.
        #[command(flatten)]
        place: Place,
        /// When contact applications of a day are answered, London time
        #[arg(long, default_value = "07:00")]
        at: AnswerTimes,
    },
}

/// Roles that the command line can give.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum RoleName {
    /// Works the cases
    CaseHandler,
    /// Checks letters in one prison
    Mailroom,
    /// Keeps one prison's approved lists
    PinphoneClerk,
    /// Security in one prison
    PrisonSecurity,
    /// Governor or director of one prison
    Governor,
    /// Sees who did and saw what
    Auditor,
    /// Enrols gates, switches prisons on, makes accounts
    Operator,
    /// The prison service's own system, which says who came into a prison and who left one; give it a --key
    PrisonService,
}

/// Kinds of organisation.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum OrganisationName {
    /// A police force
    Police,
    /// Probation
    Probation,
    /// A prison's own staff
    Prison,
    /// A victim service
    VictimService,
}

/// Regimes.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum RegimeName {
    /// All but barred numbers may be dialled
    CallBarring,
    /// Only approved numbers may be dialled
    CallEnabling,
}

/// Does what was asked; prints its answer to standard output.
pub async fn execute(command: HubCommand) -> anyhow::Result<()> {
    match command {
        HubCommand::Run(args) => operate::run_hub(args).await,
        HubCommand::Init(args) => operate::init(args).await,
        HubCommand::Account(AccountCommand::Add {
            place,
            operator,
            name,
            role,
            prison,
            key,
        }) => operate::add_account(&place, &operator, &name, operate::role(role, prison)?, key).await,
        HubCommand::Key(KeyCommand::Add {
            place,
            operator,
            organisation,
            kind,
        }) => operate::add_key(&place, &operator, &organisation, kind.into()).await,
        HubCommand::GateCode(args) => operate::gate_code(args).await,
        HubCommand::RenewGateKey(RenewGateKeyArgs {
            place,
            operator,
            gate,
        }) => operate::renew_gate_key(&place, &operator, &gate).await,
        HubCommand::Session(command) => session::execute(command).await,
        HubCommand::Prison(PrisonCommand::On {
            place,
            operator,
            prison,
            regime,
            reason,
        }) => match regime {
            RegimeName::CallEnabling => operate::switch_on(&place, &operator, prison).await,
            RegimeName::CallBarring => {
                operate::propose_barring(&place, &operator, prison, reason.as_deref().unwrap_or_default())
                    .await
            }
        },
        HubCommand::Merge(args) => operate::merge(args).await,
        HubCommand::Canary(command) => watch::canary(command).await,
        HubCommand::Attestation(args) => watch::attestation(args).await,
        HubCommand::Applications(ApplicationsCommand::Answer { place, at }) => {
            operate::answer_applications(&place, at).await
        }
        HubCommand::Policy => operate::say(casework::Policy::BUILT_IN.trim_end()),
        HubCommand::AlwaysAllowed(command) => always::execute(command),
        HubCommand::List(command) => import::list(command).await,
        HubCommand::Roster(command) => roster::execute(command).await,
        HubCommand::FollowQueue(args) => queue::follow_queue(args).await,
        HubCommand::ForgetQueue(args) => queue::forget_queue(args).await,
        HubCommand::NoContact(command) => no_contact::execute(command).await,
    }
}
