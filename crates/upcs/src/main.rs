//! The program `upcs`: everything is in the library.

fn main() -> std::process::ExitCode {
    upcs::cli::main()
}
