#pragma once

#include "referee/conformance/catalogue.hpp"

/// The one list of what is judged. A new file of checks is one function here and one line in registration.cpp.
namespace referee::suites {

namespace distribution {
void register_pull_manifests(conformance::Catalogue& catalogue);
void register_names(conformance::Catalogue& catalogue);
void register_pull_blobs(conformance::Catalogue& catalogue);
void register_pull_ranges(conformance::Catalogue& catalogue);
void register_existence(conformance::Catalogue& catalogue);
void register_push_blobs(conformance::Catalogue& catalogue);
void register_push_digests(conformance::Catalogue& catalogue);
void register_single_post(conformance::Catalogue& catalogue);
void register_push_chunked(conformance::Catalogue& catalogue);
void register_chunk_order(conformance::Catalogue& catalogue);
void register_upload_sessions(conformance::Catalogue& catalogue);
void register_mount(conformance::Catalogue& catalogue);
void register_push_manifests(conformance::Catalogue& catalogue);
void register_push_tags(conformance::Catalogue& catalogue);
void register_push_sizes(conformance::Catalogue& catalogue);
void register_manifest_content(conformance::Catalogue& catalogue);
void register_manifest_bytes(conformance::Catalogue& catalogue);
void register_index_content(conformance::Catalogue& catalogue);
void register_push_subject(conformance::Catalogue& catalogue);
void register_tags(conformance::Catalogue& catalogue);
void register_tags_pages(conformance::Catalogue& catalogue);
void register_referrers(conformance::Catalogue& catalogue);
void register_referrers_fields(conformance::Catalogue& catalogue);
void register_referrers_changes(conformance::Catalogue& catalogue);
void register_referrers_pages(conformance::Catalogue& catalogue);
void register_referrers_filter(conformance::Catalogue& catalogue);
void register_conditional(conformance::Catalogue& catalogue);
void register_delete(conformance::Catalogue& catalogue);
void register_delete_blobs(conformance::Catalogue& catalogue);
void register_client_faults(conformance::Catalogue& catalogue);
void register_errors(conformance::Catalogue& catalogue);
void register_api(conformance::Catalogue& catalogue);
}  // namespace distribution

namespace proposal_checks {
void register_a_push(conformance::Catalogue& catalogue);
void register_a_subject(conformance::Catalogue& catalogue);
void register_a_list(conformance::Catalogue& catalogue);
void register_a_pages(conformance::Catalogue& catalogue);
void register_a_sort(conformance::Catalogue& catalogue);
void register_a_lifecycle(conformance::Catalogue& catalogue);
void register_b_push(conformance::Catalogue& catalogue);
void register_b_list(conformance::Catalogue& catalogue);
void register_c_node(conformance::Catalogue& catalogue);
void register_c_api(conformance::Catalogue& catalogue);
void register_d(conformance::Catalogue& catalogue);
void register_e_push(conformance::Catalogue& catalogue);
void register_e_list(conformance::Catalogue& catalogue);
void register_e_pages(conformance::Catalogue& catalogue);
void register_e_upgrade(conformance::Catalogue& catalogue);
void register_f(conformance::Catalogue& catalogue);
void register_o_push(conformance::Catalogue& catalogue);
void register_o_lists(conformance::Catalogue& catalogue);
void register_o_upgrade(conformance::Catalogue& catalogue);
void register_o_raw(conformance::Catalogue& catalogue);
void register_x(conformance::Catalogue& catalogue);
}  // namespace proposal_checks

namespace stories {
void register_find(conformance::Catalogue& catalogue);
void register_filter(conformance::Catalogue& catalogue);
void register_compat(conformance::Catalogue& catalogue);
void register_content(conformance::Catalogue& catalogue);
void register_upkeep(conformance::Catalogue& catalogue);
void register_runtime(conformance::Catalogue& catalogue);
void register_trust(conformance::Catalogue& catalogue);
void register_race(conformance::Catalogue& catalogue);
}  // namespace stories

namespace upgrade {
void register_scenarios(conformance::Catalogue& catalogue);
void register_transitions(conformance::Catalogue& catalogue);
}  // namespace upgrade

namespace seed {
void register_fields(conformance::Catalogue& catalogue);
void register_digests(conformance::Catalogue& catalogue);
void register_mirrors(conformance::Catalogue& catalogue);
void register_garbage(conformance::Catalogue& catalogue);
void register_lookups(conformance::Catalogue& catalogue);
void register_costs(conformance::Catalogue& catalogue);
void register_pulls(conformance::Catalogue& catalogue);
void register_windows(conformance::Catalogue& catalogue);
void register_copies(conformance::Catalogue& catalogue);
void register_limits(conformance::Catalogue& catalogue);
void register_policies(conformance::Catalogue& catalogue);
void register_offline(conformance::Catalogue& catalogue);
}  // namespace seed

/// Everything, in the order of the specification.
conformance::Catalogue catalogue();

}  // namespace referee::suites
