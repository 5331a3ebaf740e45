// distribution-spec, "Pulling blobs": the Range header, as RFC 9110, section 14, has it. A server may always ignore a
// Range and send the whole blob, so each check takes 200 with all bytes as well as the part.

#include <fmt/format.h>

#include "conformance/registration.hpp"
#include "conformance/support.hpp"

namespace referee::suites::distribution {
namespace {

constexpr std::size_t kSize = 2048;

http::Response get_range(Context& t, const oci::Content& blob, std::string range) {
  const Options options{.headers = {{"Range", range}}};
  const auto get = [&](const Options& with) {
    return t.registry().get_blob(t.repository(), blob.digest().str(), with);
  };
  const auto broken = [](const http::Result& result) {
    return !result && result.error().kind == http::ErrorKind::kProtocol;
  };
  auto answer = get(options);
  // Broken twice while the whole blob comes well: the registry's way with ranges and no accident of the connection.
  if (broken(answer) && get({})) {
    answer = get(options);
    if (broken(answer)) ADD_FAILURE() << "`Range: " << range << "`: " << answer.error().message;
  }
  return answer.value();
}

/// 206 with the bytes from first to last, or 200 with all.
ResponseMatcher ServesPart(const oci::Content& blob, std::size_t first, std::size_t last) {
  const auto part = blob.bytes().substr(first, last - first + 1);
  return testing::AnyOf(testing::AllOf(HasStatus(206), HasBody(part)), ServesBlob(blob));
}

struct PartCase {
  const char* name;
  const char* title;
  const char* range;
  std::size_t first;
  std::size_t last;
  const char* fault;
};

void parts(Catalogue& catalogue) {
  static constexpr PartCase kCases[] = {
      {"first-last", "A range with both ends includes both", "bytes=500-1499", 500, 1499, "r.blob.range-off-by-one"},
      {"open", "A range without an end goes to the last byte", "bytes=500-", 500, kSize - 1, "r.blob.range-open-cut"},
      {"suffix", "A range without a beginning takes the last bytes", "bytes=-500", kSize - 500, kSize - 1,
       "r.blob.range-suffix-as-offset"},
      {"beyond-end", "A range that ends behind the last byte is cut there", "bytes=2000-5000", 2000, kSize - 1,
       "r.blob.range-no-clamp"},
  };
  for (const auto& part : kCases) {
    catalogue.add({.id = fmt::format("oci-1.1/pull-blobs/range-{}", part.name),
                   .title = part.title,
                   .how = fmt::format("Pulls a blob of {} bytes with Range: {}.", kSize, part.range),
                   .requirements = {"dist.pull.blob.range"},
                   .needs = {Capability::kRange},
                   .after = {kPostPut},
                   .kills = {part.fault},
                   .tags = {"pull", "range"},
                   .body = [part](Context& t) {
                     const auto blob = t.pushed_blob(kSize);
                     EXPECT_THAT(get_range(t, blob, part.range), ServesPart(blob, part.first, part.last));
                   }});
  }
  catalogue.add({.id = "oci-1.1/pull-blobs/range-content-range",
                 .title = "A part says in Content-Range which bytes it has",
                 .how = "Pulls 200 bytes from the middle; the complete length may be an asterisk.",
                 .requirements = {"dist.pull.blob.range"},
                 .needs = {Capability::kRange},
                 .after = {kPostPut},
                 .kills = {"r.blob.no-content-range", "r.blob.wrong-content-range"},
                 .tags = {"pull", "range"},
                 .body = [](Context& t) {
                   const auto blob = t.pushed_blob(kSize);
                   const auto answer = get_range(t, blob, "bytes=100-299");
                   if (answer.status == 200) return;
                   const testing::Matcher<const std::string&> label =
                       testing::AnyOf(fmt::format("bytes 100-299/{}", kSize), "bytes 100-299/*");
                   EXPECT_THAT(answer, HasHeader("Content-Range", label));
                 }});
  catalogue.add({.id = "oci-1.1/pull-blobs/range-several",
                 .title = "A part of several ranges is labelled with what it holds",
                 .how = "Asks for two distant ranges; the answer may be whole, multipart or a single part.",
                 .requirements = {"dist.pull.blob.range"},
                 .needs = {Capability::kRange},
                 .after = {kPostPut},
                 .kills = {"r.blob.range-several-mislabelled"},
                 .tags = {"pull", "range"},
                 .body = [](Context& t) {
                   const auto blob = t.pushed_blob(kSize);
                   const auto answer = get_range(t, blob, "bytes=0-99,1000-1099");
                   EXPECT_THAT(answer, HasStatusIn({200, 206, 416}));
                   if (answer.status == 200) {
                     EXPECT_THAT(answer, HasBody(blob.bytes()));
                   }
                   if (answer.status != 206) return;
                   // Whatever the server chose to send, each label must stand over its own bytes.
                   const auto label = answer.header("Content-Range").value_or(answer.body);
                   const auto labels = [&](std::string_view range) { return label.find(range) != std::string::npos; };
                   EXPECT_TRUE(labels("bytes 0-") || labels("bytes 1000-1099")) << "no part has a Content-Range";
                   if (labels("bytes 0-99/")) {
                     EXPECT_THAT(answer.body, testing::HasSubstr(blob.bytes().substr(0, 100)));
                   }
                   if (labels("bytes 1000-1099/")) {
                     EXPECT_THAT(answer.body, testing::HasSubstr(blob.bytes().substr(1000, 100)));
                   }
                 }});
}

void edges(Catalogue& catalogue) {
  catalogue.add({.id = "oci-1.1/pull-blobs/range-unsatisfiable",
                 .title = "A range behind the last byte is answered by 416",
                 .how = "Asks a blob of 2,048 bytes for those from 5000 on; the whole blob is fine too.",
                 .requirements = {"dist.pull.blob.range"},
                 .needs = {Capability::kRange},
                 .after = {kPostPut},
                 .kills = {"r.blob.range-206-empty"},
                 .tags = {"pull", "range"},
                 .body = [](Context& t) {
                   const auto blob = t.pushed_blob(kSize);
                   EXPECT_THAT(get_range(t, blob, "bytes=5000-10000"),
                               testing::AnyOf(HasStatus(416), ServesBlob(blob)));
                 }});
  catalogue.add({.id = "oci-1.1/pull-blobs/range-at-end",
                 .title = "A range that begins where the blob ends is answered by 416",
                 .how = "Asks a blob of 2,048 bytes for bytes=2048- and for bytes=-0; the whole blob is fine too.",
                 .requirements = {"dist.pull.blob.range"},
                 .needs = {Capability::kRange},
                 .after = {kPostPut},
                 .kills = {"r.blob.range-at-end"},
                 .tags = {"pull", "range"},
                 .body = [](Context& t) {
                   const auto blob = t.pushed_blob(kSize);
                   for (const auto* range : {"bytes=2048-", "bytes=-0"}) {
                     EXPECT_THAT(get_range(t, blob, range), testing::AnyOf(HasStatus(416), ServesBlob(blob)));
                   }
                 }});
  catalogue.add({.id = "oci-1.1/pull-blobs/range-416-length",
                 .title = "A 416 says in Content-Range how long the blob is",
                 .how = "Asks a blob of 2,048 bytes for those from 5000 on; if that is a 416, its Content-Range is "
                        "bytes */2048.",
                 .requirements = {"dist.pull.blob.range"},
                 .needs = {Capability::kRange},
                 .after = {kPostPut},
                 .kills = {"r.blob.416-no-content-range"},
                 .tags = {"pull", "range"},
                 .body = [](Context& t) {
                   const auto answer = get_range(t, t.pushed_blob(kSize), "bytes=5000-10000");
                   if (answer.status != 416) return;
                   EXPECT_THAT(answer, HasHeader("Content-Range", "bytes */2048"));
                 }});
  catalogue.add(
      {.id = "oci-1.1/pull-blobs/range-inverted",
       .title = "A range whose end is before its beginning is no range",
       .how = "Asks for bytes=500-100. RFC 9110 has it ignored; a 400 or 416 is taken as well, a part is not.",
       .requirements = {"dist.pull.blob.range"},
       .needs = {Capability::kRange},
       .after = {kPostPut},
       .kills = {"r.blob.range-inverted-206"},
       .tags = {"pull", "range"},
       .body = [](Context& t) {
         const auto blob = t.pushed_blob(kSize);
         EXPECT_THAT(get_range(t, blob, "bytes=500-100"), testing::AnyOf(HasStatusIn({400, 416}), ServesBlob(blob)));
       }});
  catalogue.add({.id = "oci-1.1/pull-blobs/range-unknown-unit",
                 .title = "A range in an unknown unit is ignored",
                 .how = "Asks for items=0-9 and expects the whole blob.",
                 .requirements = {"dist.pull.blob.range"},
                 .needs = {Capability::kRange},
                 .after = {kPostPut},
                 .kills = {"r.blob.range-unit-any"},
                 .tags = {"pull", "range"},
                 .body = [](Context& t) {
                   const auto blob = t.pushed_blob(kSize);
                   EXPECT_THAT(get_range(t, blob, "items=0-9"), ServesBlob(blob));
                 }});
  catalogue.add({.id = "oci-1.1/pull-blobs/if-range",
                 .title = "A range whose If-Range does not match is ignored",
                 .how = "Sends an entity tag that no blob has in If-Range and expects the whole blob.",
                 .requirements = {"dist.pull.blob.range"},
                 .needs = {Capability::kRange},
                 .after = {kPostPut},
                 .kills = {"r.blob.if-range-ignored"},
                 .tags = {"pull", "range"},
                 .body = [](Context& t) {
                   const auto blob = t.pushed_blob(kSize);
                   const Options options{.headers = {{"Range", "bytes=0-99"}, {"If-Range", "\"no-such-tag\""}}};
                   EXPECT_THAT(t.registry().get_blob(t.repository(), blob.digest().str(), options).value(),
                               ServesBlob(blob));
                 }});
  catalogue.add({.id = "oci-1.1/pull-blobs/head-range",
                 .title = "A HEAD has no ranges",
                 .how = "Sends HEAD with a Range: RFC 9110 defines ranges for GET only, so the answer is 200.",
                 .requirements = {"dist.head.blob-200"},
                 .needs = {Capability::kRange},
                 .after = {kPostPut},
                 .kills = {"r.blob.head-range-206"},
                 .tags = {"pull", "range"},
                 .body = [](Context& t) {
                   const auto blob = t.pushed_blob(kSize);
                   const Options options{.headers = {{"Range", "bytes=0-99"}}};
                   EXPECT_THAT(t.registry().head_blob(t.repository(), blob.digest().str(), options).value(),
                               HasStatus(200));
                 }});
  catalogue.add({.id = "oci-1.1/pull-blobs/accept-ranges",
                 .title = "Whether a blob announces that it has ranges",
                 .how = "Reads Accept-Ranges of a GET.",
                 .requirements = {"dist.pull.blob.accept-ranges"},
                 .needs = {Capability::kRange},
                 .after = {kPostPut},
                 .kills = {"r.blob.accept-ranges-none"},
                 .tags = {"pull", "range"},
                 .body = [](Context& t) {
                   const auto blob = t.pushed_blob();
                   const auto answer = t.registry().get_blob(t.repository(), blob.digest().str()).value();
                   t.observe("Accept-Ranges", answer.header("Accept-Ranges").value_or("absent"));
                 }});
}

}  // namespace

void register_pull_ranges(Catalogue& catalogue) {
  parts(catalogue);
  edges(catalogue);
}

}  // namespace referee::suites::distribution
