#include "upload_sink.hpp"

#include "handlers.hpp"
#include "problem.hpp"

namespace referee::registry {

namespace {

Response store_failure(StoreError error) {
  return error == StoreError::kFull ? storage_full() : problem(500, code::kBlobUploadInvalid, "the store failed");
}

}  // namespace

Response session_response(int status, const std::string& repository, const std::string& id, std::uint64_t size) {
  Response response;
  response.status = status;
  response.headers.add("Location", path_to(repository, "blobs/uploads", id));
  // The specification has no way to say "nothing yet"; 0-0 is what registries send and clients expect.
  response.headers.add("Range", "0-" + std::to_string(size == 0 ? 0 : size - 1));
  response.headers.add("Docker-Upload-UUID", id);
  return response;
}

Response blob_created(const std::string& repository, std::string_view digest) {
  Response response;
  response.status = 201;
  response.headers.add("Location", path_to(repository, "blobs", digest));
  response.headers.add("Docker-Content-Digest", std::string(digest));
  return response;
}

Response store_blob(Core& core, Upload& upload, std::string_view digest, bool verify) {
  if (digest.empty()) {
    upload.expect(oci::Algorithm::kSha256);
    const auto own = upload.digest();
    if (!own) return store_failure(own.error());
    const auto repository = upload.repository();
    if (auto stored = core.store().add_blob(repository, *own, upload.take()); !stored) {
      return store_failure(stored.error());
    }
    return blob_created(repository, own->str());
  }
  const auto wanted = oci::Digest::parse(digest);
  if (!wanted) return problem(400, code::kDigestInvalid, wanted.error());
  upload.expect(wanted->algorithm());
  const auto actual = upload.digest();
  if (!actual) return store_failure(actual.error());
  const bool mismatch = verify && *actual != *wanted;
  const auto refused = [] { return problem(400, code::kDigestInvalid, "the content does not have this digest"); };
  if (mismatch && !core.rules().store_mismatch) return refused();
  if (auto stored = core.store().add_blob(upload.repository(), *wanted, upload.take()); !stored) {
    return store_failure(stored.error());
  }
  return mismatch ? refused() : blob_created(upload.repository(), digest);
}

SessionSink::~SessionSink() {
  if (!answered_ && core_.rules().cut_ends_session) lease_.end();
}

/// A deviation: stores what has come so far under its own digest.
void SessionSink::publish() {
  auto copy = core_.store().content().create();
  const auto bytes = read_all(*lease_->reader(), 64UL * 1024 * 1024);
  if (!copy || !bytes || !(*copy)->append(*bytes)) return;
  (void)core_.store().add_blob(lease_->repository(), oci::Digest::of(*bytes), std::move(*copy));
}

Response SessionSink::roll_back(Response response) {
  answered_ = true;
  if (!lease_->truncate(start_)) lease_.end();
  return response;
}

std::optional<Response> SessionSink::write(std::string_view piece) {
  const auto& rules = core_.rules();
  if (rules.ignore_last_chunk && digest_ && start_ > 0) return std::nullopt;
  if (rules.chunks_forget && start_ > 0 && lease_->size() == start_) {
    if (!lease_->truncate(0) || !lease_->append(std::string(start_, '\0'))) lease_.end();
  }
  if (expected_ && lease_->size() - start_ + piece.size() > *expected_) {
    return roll_back(problem(400, code::kSizeInvalid, "the body is longer than its Content-Range"));
  }
  if (auto done = lease_->append(piece); !done) return roll_back(store_failure(done.error()));
  return std::nullopt;
}

Response SessionSink::finish() {
  const auto& rules = core_.rules();
  if (rules.ignore_last_chunk && digest_ && start_ > 0) expected_.reset();
  if (expected_ && lease_->size() - start_ != *expected_) {
    return roll_back(problem(400, code::kSizeInvalid, "the body is shorter than its Content-Range"));
  }
  answered_ = true;
  if (!digest_) {
    if (rules.publish_chunks) publish();
    return session_response(202, lease_->repository(), lease_.id(), lease_->size());
  }
  const bool chunked = start_ > 0;
  if (chunked && rules.chunked_sha256_only && digest_->starts_with("sha512:")) {
    return roll_back(problem(400, code::kDigestInvalid, "the content does not have this digest"));
  }
  auto response = store_blob(core_, *lease_, *digest_, chunked ? rules.verify_chunked : rules.verify_monolithic);
  lease_.end();
  return response;
}

std::optional<Response> SinglePostSink::write(std::string_view piece) {
  if (auto done = upload_->append(piece); !done) return store_failure(done.error());
  return std::nullopt;
}

Response SinglePostSink::finish() {
  return store_blob(core_, *upload_, digest_, core_.rules().verify_single_post);
}

}  // namespace referee::registry
