#include "conformance/support.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "referee/http/url.hpp"

namespace referee::suites {
namespace {

using conformance::SetupFailed;

/// A registry that wants larger chunks than this is not asked for them.
constexpr std::size_t kLargestChunk = std::size_t{16} * 1024 * 1024;

std::size_t chunk_size(const http::Response& opened) {
  constexpr std::size_t kUsual = 1024;
  const std::string minimum = opened.header("OCI-Chunk-Min-Length").value_or("0");
  std::size_t size = 0;
  std::from_chars(minimum.data(), minimum.data() + minimum.size(), size);
  if (size > kLargestChunk) throw SetupFailed{fmt::format("set-up: the smallest chunk would be {} bytes", size)};
  return std::max(size, kUsual);
}

class NamesDigestOfMatcher : public testing::MatcherInterface<const http::Response&> {
 public:
  explicit NamesDigestOfMatcher(std::string bytes) : bytes_(std::move(bytes)) {}

  bool MatchAndExplain(const http::Response& response, testing::MatchResultListener* listener) const override {
    const auto header = response.header("Docker-Content-Digest");
    if (!header) return true;
    const auto digest = oci::Digest::parse(*header);
    if (!digest) {
      *listener << "Docker-Content-Digest is no digest: " << digest.error();
      return false;
    }
    const auto actual = oci::Digest::of(bytes_, digest->algorithm());
    if (*digest == actual) return true;
    *listener << "Docker-Content-Digest is " << digest->str() << ", the content is " << actual.str();
    return false;
  }
  void DescribeTo(std::ostream* out) const override { *out << "Docker-Content-Digest, if any, names the content"; }
  void DescribeNegationTo(std::ostream* out) const override { *out << "Docker-Content-Digest names other content"; }

 private:
  std::string bytes_;
};

}  // namespace

oci::Content fresh_blob(Context& t, std::size_t size) {
  return {std::string(oci::media_type::kOctetStream), t.random().bytes(size)};
}

std::string location_of(const http::Response& response) {
  const auto location = response.header("Location");
  return location && !location->empty() ? http::resolve(response.url, *location) : std::string();
}

Upload open_upload(Context& t, const Options& options) {
  http::Response opened = t.registry().start_upload(t.repository(), options).value();
  if (opened.status != 202) throw SetupFailed{fmt::format("set-up: opening an upload answered {}", opened.status)};
  const std::string location = location_of(opened);
  if (location.empty()) throw SetupFailed{"set-up: the answer that opened an upload has no Location"};
  const std::size_t chunk = chunk_size(opened);
  return {std::move(opened), location, chunk};
}

std::string span(std::size_t first, std::size_t size) {
  return fmt::format("{}-{}", first, first + size - 1);
}

http::Response send_chunk(Context& t, Upload& upload, std::size_t first, std::string_view bytes) {
  http::Response answer = t.registry().patch_upload(upload.location, bytes, span(first, bytes.size())).value();
  if (answer.status == 202 && answer.headers.has("Location")) upload.location = location_of(answer);
  return answer;
}

void sent_chunk(Context& t, Upload& upload, std::size_t first, std::string_view bytes) {
  const auto answer = send_chunk(t, upload, first, bytes);
  if (answer.status != 202) throw SetupFailed{fmt::format("set-up: a chunk in order answered {}", answer.status)};
}

http::Response close_upload(Context& t, const Upload& upload, std::string_view digest) {
  return t.registry().finish_upload(t.repository(), upload.location, digest, std::nullopt).value();
}

http::Response close_upload(Context& t, const Upload& upload, std::string_view digest, std::string_view bytes,
                            std::string_view range) {
  return t.registry().finish_upload(t.repository(), upload.location, digest, bytes, range).value();
}

Halves fresh_halves(Context& t, const Upload& upload) {
  oci::Content blob = fresh_blob(t, upload.chunk * 2);
  return {blob, blob.bytes().substr(0, upload.chunk), blob.bytes().substr(upload.chunk)};
}

ResponseMatcher HasLocation() {
  return HasHeader("Location", testing::Matcher<const std::string&>(testing::Not(testing::IsEmpty())));
}

ResponseMatcher ServesBlob(const oci::Content& blob) {
  return testing::AllOf(HasStatus(200), HasBody(blob.bytes()));
}

ResponseMatcher NamesDigestOf(std::string bytes) {
  return testing::MakeMatcher(new NamesDigestOfMatcher(std::move(bytes)));
}

void expect_pullable(Context& t, std::string_view url, const oci::Content& blob) {
  ASSERT_FALSE(url.empty()) << "there is no Location to pull from";
  EXPECT_THAT(t.registry().get(url).value(), ServesBlob(blob));
}

void expect_not_stored(Context& t, const oci::Digest& digest) {
  EXPECT_THAT(t.registry().get_blob(t.repository(), digest.str()).value(), HasStatus(404));
}

bool refused(const http::Result& result) {
  if (!result) return result.error().kind == http::ErrorKind::kAuth;
  return result->status >= 400 && result->status < 500;
}

void expect_refused(const http::Result& result, std::string_view what) {
  if (refused(result)) return;
  EXPECT_THAT(result.value(), IsClientError()) << what << " was not refused";
}

void require_second_repository(const Context& t) {
  if (t.repository() == t.other_repository()) throw SetupFailed{"set-up: a second repository is needed"};
}

}  // namespace referee::suites
