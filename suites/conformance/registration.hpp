#pragma once

#include "referee/conformance/catalogue.hpp"

/// The one list of what is judged. A new file of checks is one function here and one line in registration.cpp.
namespace referee::suites {

namespace distribution {
void register_pull_manifests(conformance::Catalogue& catalogue);
void register_pull_blobs(conformance::Catalogue& catalogue);
void register_existence(conformance::Catalogue& catalogue);
void register_push_blobs(conformance::Catalogue& catalogue);
void register_push_chunked(conformance::Catalogue& catalogue);
void register_upload_sessions(conformance::Catalogue& catalogue);
void register_mount(conformance::Catalogue& catalogue);
void register_push_manifests(conformance::Catalogue& catalogue);
void register_manifest_content(conformance::Catalogue& catalogue);
void register_push_subject(conformance::Catalogue& catalogue);
void register_tags(conformance::Catalogue& catalogue);
void register_referrers(conformance::Catalogue& catalogue);
void register_referrers_pages(conformance::Catalogue& catalogue);
void register_referrers_filter(conformance::Catalogue& catalogue);
void register_delete(conformance::Catalogue& catalogue);
void register_errors(conformance::Catalogue& catalogue);
void register_api(conformance::Catalogue& catalogue);
}  // namespace distribution

/// Everything, in the order of the specification.
conformance::Catalogue catalogue();

}  // namespace referee::suites
