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

Response store_blob(Core& core, Upload& upload, std::string_view digest) {
  const auto wanted = oci::Digest::parse(digest);
  if (!wanted) return problem(400, code::kDigestInvalid, wanted.error());
  upload.expect(wanted->algorithm());
  const auto actual = upload.digest();
  if (!actual) return store_failure(actual.error());
  if (*actual != *wanted && core.rules().check_blob_digest) {
    return problem(400, code::kDigestInvalid, "the content does not have this digest");
  }
  if (auto stored = core.store().add_blob(upload.repository(), *wanted, upload.take()); !stored) {
    return store_failure(stored.error());
  }
  return blob_created(upload.repository(), digest);
}

Response SessionSink::roll_back(Response response) {
  if (!lease_->truncate(start_)) lease_.end();
  return response;
}

std::optional<Response> SessionSink::write(std::string_view piece) {
  if (expected_ && lease_->size() - start_ + piece.size() > *expected_) {
    return roll_back(problem(400, code::kSizeInvalid, "the body is longer than its Content-Range"));
  }
  if (auto done = lease_->append(piece); !done) return roll_back(store_failure(done.error()));
  return std::nullopt;
}

Response SessionSink::finish() {
  if (expected_ && lease_->size() - start_ != *expected_) {
    return roll_back(problem(400, code::kSizeInvalid, "the body is shorter than its Content-Range"));
  }
  if (!digest_) return session_response(202, lease_->repository(), lease_.id(), lease_->size());
  auto response = store_blob(core_, *lease_, *digest_);
  lease_.end();
  return response;
}

std::optional<Response> SinglePostSink::write(std::string_view piece) {
  if (auto done = upload_->append(piece); !done) return store_failure(done.error());
  return std::nullopt;
}

Response SinglePostSink::finish() {
  return store_blob(core_, *upload_, digest_);
}

}  // namespace referee::registry
