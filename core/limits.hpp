#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

/// Every size, count, depth and time that Nguồn does not go beyond. Names end in their unit.
namespace nguon::limits {

using namespace std::chrono_literals;

// HTTP messages
inline constexpr std::size_t header_bytes_max = 8 * 1024;
inline constexpr std::size_t header_lines_max = 64;
inline constexpr std::size_t target_bytes_max = 2 * 1024;
inline constexpr std::size_t body_bytes_default = 64 * 1024;
inline constexpr std::size_t body_memory_bytes = 64 * 1024; // a larger body is spooled to a file
inline constexpr std::size_t image_body_bytes = 10 * 1024 * 1024;
inline constexpr std::size_t import_body_bytes = 50 * 1024 * 1024;
inline constexpr std::size_t json_body_bytes = 10 * 1024 * 1024;
inline constexpr std::size_t form_body_bytes = 1024 * 1024;
inline constexpr std::size_t image_form_bytes = image_body_bytes + 64 * 1024; // a picture and a few fields
inline constexpr std::size_t capture_body_bytes = 128 * 1024 * 1024;
inline constexpr std::size_t chunk_extension_bytes_max = 256;
inline constexpr std::size_t dropped_body_bytes_max = 64 * 1024 * 1024; // of one too large, so that the answer arrives
inline constexpr auto header_time = 10s;
inline constexpr auto handshake_time = 10s;
inline constexpr auto body_grace_time = 5s;
inline constexpr auto body_time = 60s;
inline constexpr auto import_body_time = 600s;
inline constexpr std::size_t transfer_bytes_per_second_min = 1024;
inline constexpr auto response_time = 60s;
inline constexpr auto keep_alive_time = 15s;
inline constexpr auto keep_alive_busy_time = 5s;
inline constexpr std::size_t requests_per_connection_max = 1000;
inline constexpr std::size_t connections_max = 10'000;
inline constexpr auto handler_time = 30s;
inline constexpr auto drain_time = 10s;
inline constexpr std::size_t form_fields_max = 5'000;
inline constexpr std::size_t form_files_max = 10;
inline constexpr std::size_t form_name_bytes_max = 200;
inline constexpr std::size_t compress_bytes_min = 512;
inline constexpr std::size_t query_parameters_max = 256;

// JSON
inline constexpr std::size_t json_depth_max = 32;

// Storage
inline constexpr std::size_t write_queue_max = 4096;
inline constexpr std::size_t read_queue_max = 4096;
inline constexpr std::size_t write_group_max = 512;
inline constexpr auto write_group_time = 50ms; // then what has run is committed, and the rest waits for the next group
inline constexpr int transaction_retries_max = 10;
inline constexpr std::size_t prepared_statements_max = 512; // a connection
inline constexpr std::int64_t wal_frames_checkpoint = 1000; // about 4 MiB
inline constexpr std::int64_t wal_frames_truncate = 16'384; // about 64 MiB: then the writer waits for readers
inline constexpr auto read_time = 10s;
inline constexpr auto write_time = 30s;
inline constexpr std::size_t blob_bytes_max = 10 * 1024 * 1024;
inline constexpr auto operation_kept_time = std::chrono::hours{24 * 30};

// Worker processes, which read files from strangers
inline constexpr std::size_t worker_file_bytes_max = 10 * 1024 * 1024;
inline constexpr std::size_t worker_answer_bytes_max = 16 * 1024 * 1024;
inline constexpr std::size_t worker_memory_bytes = 256U * 1024 * 1024;
inline constexpr std::size_t worker_requests_max = 200; // then the process is replaced
inline constexpr auto worker_cpu_time = 2s;             // for one request
inline constexpr auto worker_wall_time = 5s;

// Pictures from strangers
inline constexpr std::size_t picture_bytes_max = worker_file_bytes_max;
inline constexpr std::uint64_t picture_pixels_max = 40'000'000;
inline constexpr std::uint32_t picture_side_max = 16'384;
inline constexpr std::size_t picture_symbols_max = 128; // read in one picture
inline constexpr auto picture_search_time = 1200ms;     // for codes, of a processor
inline constexpr auto picture_search_wall_time = 3s;

// Labels
inline constexpr std::size_t labels_per_job_max = 100'000;
inline constexpr std::size_t units_per_batch_max = 1'000'000;
inline constexpr std::size_t units_per_block = 1'000;      // codes given out in one transaction
inline constexpr std::int64_t label_jobs_open_max = 20;    // of one organization, waiting or being drawn
inline constexpr std::int64_t label_job_small_max = 1'000; // labels: such jobs have a thread of their own
inline constexpr std::int64_t label_job_attempts_max = 3;  // a job that ended its server so often is given up
inline constexpr std::size_t label_piece_bytes = 256 * 1024;
inline constexpr std::int64_t label_file_bytes_max = std::int64_t{512} * 1024 * 1024;
inline constexpr auto label_lease_time = 30s;
inline constexpr auto label_file_kept_time = std::chrono::hours{24 * 30};
inline constexpr auto label_wait_time = 1500ms; // a page waits so long for a small job

// Spreadsheets from strangers
inline constexpr std::size_t sheet_bytes_max = worker_file_bytes_max;
inline constexpr std::size_t sheet_rows_max = 10'000;
inline constexpr std::size_t sheet_columns_max = 50;
inline constexpr std::size_t sheet_cell_bytes_max = 32 * 1024;
inline constexpr std::size_t sheet_text_bytes_max = 8 * 1024 * 1024; // of all cells; so many of shared texts too
inline constexpr std::size_t zip_entries_max = 1'000;
inline constexpr std::size_t zip_bytes_max = 64U * 1024 * 1024; // unpacked, of all parts; read piece by piece
inline constexpr std::size_t zip_ratio_max = 100;

// Sign-in
inline constexpr auto sign_in_window = 15min;
inline constexpr std::int64_t sign_in_tries_max = 10;          // for one account from one address
inline constexpr std::int64_t sign_in_address_tries_fast = 30; // then each waits
inline constexpr std::int64_t sign_in_address_tries_max = 300;
inline constexpr auto sign_in_slow_time = 1s;

// Links of a code
inline constexpr std::int64_t links_per_anchor_max = 50;
inline constexpr std::int64_t links_per_organization_max = 20'000;

// Connector
inline constexpr std::size_t delivery_batch_records_max = 200;
inline constexpr std::size_t delivery_batch_bytes_max = 1024 * 1024;
inline constexpr std::size_t portal_header_bytes_max = 16 * 1024;
inline constexpr std::size_t portal_body_bytes_max = 8 * 1024 * 1024;
inline constexpr std::size_t portal_connections_max = 20;
inline constexpr std::size_t portal_picture_bytes_max = 1024 * 1024; // of one picture that a portal gets
inline constexpr std::size_t portal_pictures_in_batch_max = 20;      // uploads before the records of one batch
inline constexpr std::size_t portal_catalogue_entries_max = 20'000;  // of one catalogue of a portal
inline constexpr std::size_t portal_catalogue_text_bytes_max = 300;  // of a code or name there
inline constexpr std::size_t portal_catalogues_max = 20;             // of one portal
inline constexpr std::size_t portal_gaps_max = 1'000;                // values without a counterpart that are listed
inline constexpr auto portal_poll_wait_max = 15min;      // between two questions about what a portal works on
inline constexpr std::size_t connection_checks_max = 50; // kept of one connection
inline constexpr std::size_t chain_bytes_max = 64 * 1024;
inline constexpr std::size_t chain_certificates_max = 10;
inline constexpr std::size_t mapping_bytes_max = 256 * 1024;
inline constexpr auto clock_skew_max = 5min; // between two machines, as certificates are judged

// Alarms and the notices of them
inline constexpr std::size_t notices_waiting_max = 500; // a channel; further ones are dropped and counted
inline constexpr std::int64_t notice_tries_max = 100;
inline constexpr auto notice_deadline = std::chrono::hours{24}; // then it is given up
inline constexpr auto notice_time = 30s;                        // one try, from name to last answer
inline constexpr std::size_t notice_receivers_max = 20;
inline constexpr std::size_t webhook_answer_bytes_max = 64 * 1024;
inline constexpr auto alarm_kept_time = std::chrono::hours{24 * 90}; // behind its end
inline constexpr auto sync_sample_kept_time = std::chrono::hours{24 * 30};

// Live figures
inline constexpr std::size_t live_streams_max = 64; // a server
inline constexpr auto live_stream_time = 10min;     // then the browser comes again
inline constexpr auto live_heartbeat_time = 15s;
inline constexpr std::size_t live_figures_bytes_max = 64 * 1024;

// EPCIS
inline constexpr std::size_t epcis_faults_max = 100; // reported for one document
inline constexpr std::size_t epcis_context_terms_max = 1'000;
inline constexpr std::size_t epcis_list_items_max = 100'000; // in one list of one event
inline constexpr std::size_t epcis_events_max = 200'000;
inline constexpr std::size_t epcis_capture_bytes_max = 128U * 1024 * 1024;
inline constexpr std::size_t epcis_uri_bytes_max = 2'048;
inline constexpr std::size_t capture_events_max = 1'000; // of one document, taken in one transaction

// Tracking-event forms
inline constexpr std::size_t event_text_chars_max = 500;
inline constexpr std::size_t event_inputs_max = 200;
inline constexpr std::size_t event_photos_max = 20;
inline constexpr auto event_future_tolerance = 5min; // clocks of telephones run ahead

} // namespace nguon::limits
