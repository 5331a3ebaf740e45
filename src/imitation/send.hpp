#pragma once

#include "document.hpp"

namespace referee::imitation {

/// Pushes a blob that is not there yet.
Done<void> send_blob(Session& session, const oci::Content& blob);
/// Pushes a manifest whose content is there, under a tag or its digest. If it has a subject and the registry does not
/// say that it has seen it, the list of the subject's referrers is kept by this client.
Done<void> send_manifest(Session& session, const std::string& reference, const oci::Content& manifest);
/// Whether it is gone, by 202 or 404; false if the registry does not delete that (400, 405).
Done<bool> remove_manifest(Session& session, const std::string& reference);

}  // namespace referee::imitation
