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
  proposals::register_a_push(all);
  proposals::register_a_subject(all);
  proposals::register_a_list(all);
  proposals::register_a_pages(all);
  proposals::register_a_sort(all);
  proposals::register_a_lifecycle(all);
  proposals::register_b_push(all);
  proposals::register_b_list(all);
  proposals::register_c_node(all);
  proposals::register_c_api(all);
  proposals::register_d(all);
  proposals::register_e_push(all);
  proposals::register_e_list(all);
  proposals::register_e_pages(all);
  proposals::register_e_upgrade(all);
  proposals::register_f(all);
  proposals::register_x(all);
  return all;
}

}  // namespace referee::suites
