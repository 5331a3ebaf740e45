#include <fmt/format.h>

#include "prober.hpp"
#include "referee/http/url.hpp"

namespace referee::distribution {

void Prober::ask_about_uploads() {
  const std::string uploads = fmt::format("/v2/{}/blobs/uploads/", options_.repository);

  const oci::Content whole = small_blob();
  const Answer posted = answer(fmt::format("POST {}?digest=", uploads),
                               registry_.post_blob(options_.repository, whole.digest().str(), whole.bytes()));
  record(Capability::kSinglePost, posted.status() != 202, {&posted});
  cancel(posted);

  const Answer started = answer("POST " + uploads, registry_.start_upload(options_.repository));
  const auto location = started.result ? started.result->header("Location") : std::nullopt;
  if (started.status() == 202 && location) {
    const Answer cancelled =
        answer("DELETE of the upload session", registry_.cancel_upload(http::resolve(started.result->url, *location)));
    const int status = cancelled.status();
    record(Capability::kUploadCancel, status != 400 && status != 404 && status != 405, {&cancelled});
  } else {
    not_asked(Capability::kUploadCancel, started);
  }
}

void Prober::ask_about_mounts() {
  struct Way {
    Capability capability;
    bool names_source;
  };
  for (const Way& way : {Way{Capability::kMount, true}, Way{Capability::kAnonymousMount, false}}) {
    const oci::Content blob = small_blob();
    const Answer pushed = push(options_.second_repository, blob);
    if (!pushed.succeeded()) {
      not_asked(way.capability, pushed);
      continue;
    }
    const std::string_view from = way.names_source ? std::string_view(options_.second_repository) : std::string_view();
    const Answer mounted = answer(
        fmt::format("POST /v2/{}/blobs/uploads/?mount={}", options_.repository, way.names_source ? "&from=" : ""),
        registry_.mount_blob(options_.repository, blob.digest().str(), from));
    record(way.capability, mounted.status() != 202, {&mounted});
    cancel(mounted);
  }
}

void Prober::ask_about_blobs() {
  const std::string layer = image_.blobs.at(1).digest().str();
  Options part;
  part.headers.add("Range", "bytes=2-9");
  const Answer ranged = answer(fmt::format("GET /v2/{}/blobs/{} with Range", options_.repository, shortened(layer)),
                               registry_.get_blob(options_.repository, layer, part));
  record(Capability::kRange, ranged.status() != 200, {&ranged});

  const Answer pushed = push(options_.repository, small_blob(oci::Algorithm::kSha512));
  record(Capability::kSha512, !pushed.refused(), {&pushed});
}

}  // namespace referee::distribution
