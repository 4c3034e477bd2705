//! The stories: real hubs, gates and clients, started, driven, stopped, killed and searched.
//!
//! A story has a sentence for a name, a temporary folder and ports of its own, and prints what it counted. One
//! that needs a tool which this machine lacks is reported as ignored with the tool's name; with
//! `UPCS_REQUIRE_TOOLS=1` that is a failure. What is random comes from a seed, which is printed; `UPCS_SEED`
//! gives it again. `UPCS_FULL=1` runs the long forms.

mod browser;
mod canary;
mod chance;
mod clients;
mod corpus;
mod demo;
mod excepted;
mod fsynced;
mod house;
mod in_force;
mod kamailio;
mod kills;
mod marks;
mod no_contact;
mod numbers;
mod postgresql;
mod queue;
mod restart;
mod restore;
mod rosters;
mod search;
mod sipp;
mod store;
mod tools;
mod tour;
mod tpm;
mod units;

use std::process::ExitCode;

use anyhow::Result;
use libtest_mimic::{Arguments, Completion, Failed, Trial};

use tools::Tool;

fn main() -> ExitCode {
    upcs::children::start_children_from(env!("CARGO_BIN_EXE_upcs").into());
    let mut arguments = Arguments::from_args();
    // One at a time: each starts several processes, and some hold them to seconds.
    arguments.test_threads.get_or_insert(1);
    libtest_mimic::run(&arguments, stories()).exit_code()
}

fn stories() -> Vec<Trial> {
    vec![
        story("the_tour_walks_the_whole_journey", &[], tour::walks),
        story(
            "a_prisoner_whom_two_people_except_under_call_barring_rings_and_nobody_else_does",
            &[],
            excepted::rings_alone,
        ),
        story(
            "events_in_a_queue_are_taken_whatever_is_killed_and_poison_is_set_aside",
            &[Tool::Moto],
            queue::is_followed,
        ),
        story(
            "an_event_whose_reader_was_killed_before_it_could_delete_it_is_taken_once",
            &[Tool::Moto],
            queue::is_deleted_after_it_was_taken,
        ),
        story(
            "the_queue_is_asked_over_tls_as_aws_programs_ask_and_what_is_to_be_mended_is_said",
            &[Tool::Moto],
            queue::as_aws_programs_ask,
        ),
        story(
            "sipp_drives_10000_calls_at_the_barring_gate",
            &[Tool::Sipp],
            sipp::at_the_barring_gate,
        ),
        story(
            "sipp_drives_10000_calls_at_the_enabling_gate",
            &[Tool::Sipp],
            sipp::at_the_enabling_gate,
        ),
        story(
            "a_barred_number_is_seen_through_every_form_of_a_corpus",
            &[Tool::Python],
            corpus::is_seen_through,
        ),
        story(
            "nothing_acknowledged_is_lost_when_processes_are_killed",
            &[],
            kills::nothing_is_lost,
        ),
        story(
            "with_the_hub_off_and_the_clock_three_days_on_a_killed_gate_restarts",
            &[Tool::Faketime],
            restart::three_days_on,
        ),
        story(
            "without_its_key_a_gate_lets_through_helplines_alone",
            &[],
            restart::without_its_key,
        ),
        story(
            "a_key_sealed_to_the_tpm_opens_after_a_reboot_and_on_no_other_machine",
            &[Tool::Swtpm, Tool::SystemdCreds],
            tpm::opens_after_a_reboot,
        ),
        story(
            "the_systemd_units_are_understood_by_systemd",
            &[Tool::SystemdAnalyze],
            units::are_understood,
        ),
        story(
            "the_state_folder_alone_confirms_no_number",
            &[],
            restart::state_folder_alone,
        ),
        story(
            "whenever_the_api_says_in_force_an_invite_is_refused",
            &[],
            in_force::is_refused,
        ),
        story(
            "after_the_restore_of_an_older_store_gates_go_on_in_a_certified_session",
            &[],
            restore::goes_on_in_a_new_session,
        ),
        story(
            "two_hubs_on_copies_of_one_store_let_no_barred_number_through",
            &[],
            restore::two_hubs_on_copies,
        ),
        story(
            "the_hub_says_no_to_a_store_of_the_other_mark",
            &[],
            marks::hub_refuses_the_other_mark,
        ),
        story(
            "the_demo_refuses_a_folder_that_is_not_a_demo",
            &[],
            marks::demo_refuses_an_unmarked_folder,
        ),
        story(
            "a_demo_that_runs_is_left_alone_by_another",
            &[],
            demo::is_left_alone,
        ),
        story(
            "a_killed_demo_leaves_no_process_behind",
            &[],
            demo::takes_its_processes_with_it,
        ),
        story(
            "a_demo_starts_a_hub_that_ended_again_and_its_gates_go_on",
            &[],
            demo::starts_its_hub_again,
        ),
        story(
            "a_prisons_no_contact_list_is_taken_over_although_hub_and_command_are_killed",
            &[],
            no_contact::is_taken_over,
        ),
        story(
            "a_roster_is_visible_at_one_moment_although_hub_and_command_are_killed",
            &[],
            rosters::is_taken_over,
        ),
        story(
            "the_same_journey_on_postgresql",
            &[Tool::Postgresql],
            postgresql::same_journey,
        ),
        story(
            "kamailio_as_it_is_shipped_passes_the_suite_for_switches",
            &[Tool::Kamailio],
            kamailio::conforms,
        ),
        story(
            "a_switch_that_never_asks_the_gate_is_found_by_the_suite",
            &[Tool::Kamailio],
            kamailio::wrong_switch_is_found,
        ),
        story(
            "the_trunk_behind_kamailio_sees_what_the_gate_allowed_and_nothing_else",
            &[Tool::Kamailio, Tool::Python, Tool::Sipp],
            kamailio::sees_what_was_allowed,
        ),
        story(
            "the_scenarios_for_sipp_find_the_mock_gate_and_a_real_one_alike",
            &[Tool::Sipp],
            kamailio::answered_alike,
        ),
        story(
            "a_live_call_is_listed_and_ended_over_json_rpc",
            &[Tool::Kamailio],
            kamailio::listed_and_ended,
        ),
        story(
            "a_call_that_is_up_when_its_number_is_barred_is_ended",
            &[Tool::Kamailio],
            kamailio::ended_by_the_gate,
        ),
        story("no_canary_is_found_outside_the_seals", &[], canary::none_is_found),
        story(
            "nothing_acknowledged_is_lost_in_a_power_cut",
            &[],
            fsynced::nothing_acknowledged_is_lost,
        ),
        story(
            "each_role_walks_the_journey_in_a_browser_with_javascript",
            &[Tool::Node, Tool::Chromium],
            browser::with_scripts,
        ),
        story(
            "each_role_walks_the_journey_in_a_browser_without_javascript",
            &[Tool::Node, Tool::Chromium],
            browser::without_scripts,
        ),
    ]
}

fn story(name: &'static str, needs: &'static [Tool], run: fn() -> Result<()>) -> Trial {
    Trial::ignorable_test(name, move || {
        if let Some(tool) = needs.iter().find(|tool| tool.find().is_none()) {
            return missing(*tool);
        }
        run().map_err(|error| Failed::from(format!("{error:#}")))?;
        Ok(Completion::Completed)
    })
}

fn missing(tool: Tool) -> Result<Completion, Failed> {
    if tools::is_set("UPCS_REQUIRE_TOOLS") {
        return Err(format!("needs {}, which is not installed", tool.name()).into());
    }
    Ok(Completion::ignored_with(format!("needs {}", tool.name())))
}
