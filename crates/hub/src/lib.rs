//! The hub: callers, intake, casework, publish; store, web, api
