#include "conformance/registration.hpp"

namespace referee::suites {

conformance::Catalogue catalogue() {
  conformance::Catalogue all;
  // In the order of the specification; a check comes after its prerequisites whatever the order here.
  distribution::register_pull_manifests(all);
  distribution::register_names(all);
  distribution::register_pull_blobs(all);
  distribution::register_pull_ranges(all);
  distribution::register_existence(all);
  distribution::register_push_blobs(all);
  distribution::register_push_digests(all);
  distribution::register_single_post(all);
  distribution::register_push_chunked(all);
  distribution::register_chunk_order(all);
  distribution::register_upload_sessions(all);
  distribution::register_mount(all);
  distribution::register_push_manifests(all);
  distribution::register_push_tags(all);
  distribution::register_push_sizes(all);
  distribution::register_manifest_bytes(all);
  distribution::register_manifest_content(all);
  distribution::register_index_content(all);
  distribution::register_push_subject(all);
  distribution::register_conditional(all);
  distribution::register_tags(all);
  distribution::register_tags_pages(all);
  distribution::register_referrers(all);
  distribution::register_referrers_fields(all);
  distribution::register_referrers_changes(all);
  distribution::register_referrers_pages(all);
  distribution::register_referrers_filter(all);
  distribution::register_delete(all);
  distribution::register_delete_blobs(all);
  distribution::register_client_faults(all);
  distribution::register_errors(all);
  distribution::register_api(all);
  proposal_checks::register_a_push(all);
  proposal_checks::register_a_subject(all);
  proposal_checks::register_a_list(all);
  proposal_checks::register_a_pages(all);
  proposal_checks::register_a_sort(all);
  proposal_checks::register_a_lifecycle(all);
  proposal_checks::register_b_push(all);
  proposal_checks::register_b_list(all);
  proposal_checks::register_c_node(all);
  proposal_checks::register_c_api(all);
  proposal_checks::register_d(all);
  proposal_checks::register_e_push(all);
  proposal_checks::register_e_list(all);
  proposal_checks::register_e_pages(all);
  proposal_checks::register_e_upgrade(all);
  proposal_checks::register_f(all);
  proposal_checks::register_o_push(all);
  proposal_checks::register_o_lists(all);
  proposal_checks::register_o_upgrade(all);
  proposal_checks::register_o_raw(all);
  proposal_checks::register_x(all);
  stories::register_find(all);
  stories::register_filter(all);
  stories::register_compat(all);
  stories::register_content(all);
  stories::register_upkeep(all);
  stories::register_runtime(all);
  stories::register_trust(all);
  stories::register_race(all);
  upgrade::register_scenarios(all);
  upgrade::register_transitions(all);
  seed::register_fields(all);
  seed::register_digests(all);
  seed::register_mirrors(all);
  seed::register_garbage(all);
  seed::register_lookups(all);
  seed::register_costs(all);
  seed::register_pulls(all);
  seed::register_windows(all);
  seed::register_copies(all);
  seed::register_limits(all);
  seed::register_policies(all);
  seed::register_offline(all);
  return all;
}

}  // namespace referee::suites
