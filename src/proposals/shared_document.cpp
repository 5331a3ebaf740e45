#include "shared_document.hpp"

#include <fmt/format.h>

namespace referee::proposals {

Outcome<std::optional<oci::Content>> SharedDocument::read(std::string_view tag) {
  auto answer = wire_.get_manifest(tag, {200, 404});
  if (!answer) return tl::unexpected(answer.error());
  if (answer->status == 404) return std::nullopt;
  auto content = content_of(*answer);
  if (!content) return tl::unexpected(content.error());
  return std::move(*content);
}

Outcome<std::optional<oci::Content>> SharedDocument::update(std::string_view tag, const Edit& edit) {
  for (int attempt = 0; attempt <= settings_.retries; ++attempt) {
    const auto answer = wire_.get_manifest(tag, {200, 404});
    if (!answer) return tl::unexpected(answer.error());
    std::optional<oci::Content> current;
    if (answer->status == 200) {
      auto content = content_of(*answer);
      if (!content) return tl::unexpected(content.error());
      current = std::move(*content);
    }
    auto edited = edit(current);
    if (!edited) return tl::unexpected(edited.error());
    std::optional<oci::Content> changed = std::move(*edited);
    if (!changed) return current;
    if (settings_.window != nullptr) (*settings_.window)();

    Wire::Options options;
    const auto etag = answer->header("ETag");
    if (settings_.conditions && current && etag) options.headers.set("If-Match", *etag);
    if (settings_.conditions && !current && conditional_) options.headers.set("If-None-Match", "*");
    const auto written = wire_.put_manifest(tag, *changed, options, {201, 412});
    if (!written) return tl::unexpected(written.error());
    if (written->status == 201) return changed;
  }
  return tl::unexpected(Failure{FailureKind::kConflict,
                                fmt::format("{} was written by others {} times in a row", tag, settings_.retries + 1),
                                412});
}

Failure with_list_kept(Failure failure, std::size_t attachments) {
  if (failure.kind == FailureKind::kLimit) {
    failure.message += fmt::format("; the list stays as it was, with {} attachments", attachments);
  }
  return failure;
}

bool honours_conditions(Wire& wire, const oci::Content& scratch, std::string_view tag) {
  const Wire::Uncounted uncounted(wire);
  Wire::Options options;
  options.headers.set("If-Match", "\"no-such-entity\"");
  const auto answer = wire.put_manifest(tag, scratch, options, {201, 412, 404});
  if (answer && answer->status == 201) (void)wire.delete_manifest(tag);
  return answer && answer->status == 412;
}

}  // namespace referee::proposals
