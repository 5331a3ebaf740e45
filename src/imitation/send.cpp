#include "send.hpp"

#include "referrers.hpp"

namespace referee::imitation {

Done<void> send_blob(Session& session, const oci::Content& blob) {
  const auto there = session.registry().head_blob(session.repository(), blob.digest().str());
  if (there && there->status == 200) return {};
  const auto pushed = distribution::push_blob(session.registry(), session.repository(), blob);
  if (!pushed || pushed->status != 201) return tl::unexpected(refusal("the push of " + blob.digest().str(), pushed));
  return {};
}

Done<void> send_manifest(Session& session, const std::string& reference, const oci::Content& manifest) {
  const auto pushed = session.registry().put_manifest(session.repository(), reference, manifest);
  if (!pushed || pushed->status != 201) return tl::unexpected(refusal("the push of " + reference, pushed));
  const auto document = read_document(manifest);
  if (!document || document->subject.empty()) return {};
  const bool seen = pushed->header("OCI-Subject").value_or("") == document->subject;
  if (!uses_tag(session, seen ? ApiSign::kPresent : ApiSign::kAbsent, true)) return {};
  return list_referrer(session, manifest, *document);
}

Done<bool> remove_manifest(Session& session, const std::string& reference) {
  const auto answer = session.registry().delete_manifest(session.repository(), reference);
  if (answer && (answer->status == 202 || answer->status == 404)) return true;
  if (answer && (answer->status == 400 || answer->status == 405)) return false;
  return tl::unexpected(refusal("the deletion of " + reference, answer));
}

}  // namespace referee::imitation
