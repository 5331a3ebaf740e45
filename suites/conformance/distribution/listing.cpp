#include "conformance/distribution/listing.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <cctype>
#include <chrono>
#include <nlohmann/json.hpp>
#include <thread>
#include <utility>

#include "referee/http/lane.hpp"

namespace referee::suites::distribution {

using conformance::HasStatus;

void ask_until(const std::function<bool()>& done) {
  std::chrono::milliseconds pause{50};
  for (int left = kPatience; !done() && left > 0; --left, pause *= 2) std::this_thread::sleep_for(pause);
}

std::vector<http::Response> pages_of(Context& t, http::Result first) {
  const auto walk = referee::distribution::walk_pages(t.registry(), std::move(first)).value();
  EXPECT_FALSE(walk.looped) << "a Link leads back to a page that was read already";
  EXPECT_FALSE(walk.too_many) << "the pages do not end";
  std::vector<http::Response> pages;
  for (const auto& page : walk.pages) {
    EXPECT_THAT(page.response, HasStatus(200));
    pages.push_back(page.response);
  }
  return pages;
}

namespace {

std::vector<oci::Descriptor> read_referrers(const std::vector<http::Response>& pages, bool judge) {
  std::vector<oci::Descriptor> all;
  for (const auto& page : pages) {
    const auto entries = conformance::index_entries(page);
    if (judge) {
      EXPECT_TRUE(entries) << "the body is not an index with a list `manifests` of descriptors";
    }
    if (entries) all.insert(all.end(), entries->begin(), entries->end());
  }
  return all;
}

}  // namespace

std::vector<http::Response> referrer_pages(Context& t, std::string_view subject, std::size_t count,
                                           std::string_view artifact_type) {
  referee::distribution::Walk walk;
  std::vector<http::Response> pages;
  ask_until([&] {
    auto first = t.registry().referrers(t.repository(), subject, artifact_type);
    walk = referee::distribution::walk_pages(t.registry(), std::move(first)).value();
    pages.clear();
    for (const auto& page : walk.pages) pages.push_back(page.response);
    return count == 0 || read_referrers(pages, false).size() >= count;
  });
  EXPECT_FALSE(walk.looped) << "a Link leads back to a page that was read already";
  EXPECT_FALSE(walk.too_many) << "the pages do not end";
  EXPECT_THAT(pages, testing::Each(HasStatus(200)));
  return pages;
}

std::vector<oci::Descriptor> referrers_now(Context& t, std::string_view subject, std::string_view artifact_type) {
  return referrers_of(t, subject, 0, artifact_type);
}

std::vector<oci::Descriptor> referrers_of(Context& t, std::string_view subject, std::size_t count,
                                          std::string_view artifact_type) {
  return read_referrers(referrer_pages(t, subject, count, artifact_type), true);
}

std::vector<std::string> digests(const std::vector<oci::Descriptor>& descriptors) {
  std::vector<std::string> out;
  for (const auto& descriptor : descriptors) out.push_back(descriptor.digest);
  return out;
}

void expect_referrers(Context& t, std::string_view subject, const std::vector<std::string>& expected,
                      std::string_view artifact_type) {
  EXPECT_THAT(digests(referrers_of(t, subject, expected.size(), artifact_type)),
              testing::UnorderedElementsAreArray(expected));
}

std::vector<std::string> own_tags(const Context& t, const http::Response& page) {
  auto tags = conformance::listed_tags(page);
  const std::string prefix = t.tag("");
  std::erase_if(tags, [&](const std::string& tag) { return !tag.starts_with(prefix); });
  return tags;
}

std::vector<std::string> read_own_tags(const Context& t, const http::Response& page) {
  std::vector<std::string> tags;
  const auto body = conformance::parse_json(page.body);
  if (!body || !body->is_object() || !body->contains("tags")) return tags;
  const std::string prefix = t.tag("");
  for (const auto& tag : body->at("tags")) {
    if (tag.is_string() && tag.get_ref<const std::string&>().starts_with(prefix)) tags.push_back(tag);
  }
  return tags;
}

std::vector<std::string> tags_now(Context& t, const referee::distribution::Options& options) {
  std::vector<std::string> all;
  for (const auto& page : pages_of(t, t.registry().list_tags(t.repository(), options))) {
    const auto tags = own_tags(t, page);
    all.insert(all.end(), tags.begin(), tags.end());
  }
  return all;
}

std::vector<std::string> tags_of(Context& t, std::size_t count, const referee::distribution::Options& options) {
  // Only counts, so that an answer which is wrong is judged once, at the end.
  const auto counted = [&] {
    std::size_t found = 0;
    const auto walk =
        referee::distribution::walk_pages(t.registry(), t.registry().list_tags(t.repository(), options)).value();
    for (const auto& page : walk.pages) {
      const auto body = conformance::parse_json(page.response.body);
      if (!body || !body->is_object() || !body->contains("tags")) return count;
      for (const auto& tag : body->at("tags"))
        found += tag.is_string() && tag.get<std::string>().starts_with(t.tag(""));
    }
    return found;
  };
  ask_until([&] { return counted() >= count; });
  return tags_now(t, options);
}

http::Response gone_manifest(Context& t, std::string_view reference) {
  http::Response answer;
  ask_until([&] {
    answer = t.registry().get_manifest(t.repository(), reference).value();
    return answer.status == 404;
  });
  return answer;
}

oci::Package pushed_referrer(Context& t, const oci::Descriptor& subject, std::string_view artifact_type,
                             const oci::Annotations& annotations, std::string_view tag) {
  auto package = oci::referrer(t.random(), subject,
                               artifact_type.empty() ? "application/vnd.referee.test.v1" : artifact_type, annotations);
  t.push(package, tag);
  return package;
}

referee::distribution::Options with_query(std::vector<std::pair<std::string, std::string>> query) {
  referee::distribution::Options options;
  options.query = std::move(query);
  return options;
}

referee::distribution::Options with_header(const std::string& name, std::string value) {
  referee::distribution::Options options;
  options.headers.set(name, std::move(value));
  return options;
}

referee::distribution::Options chunked() {
  referee::distribution::Options options;
  options.chunked = true;
  return options;
}

oci::Package pushed_sha512_image(Context& t) {
  auto image = oci::image(t.random(), 64, {"amd64", "linux", "", ""}, oci::Algorithm::kSha512);
  for (const auto& blob : image.blobs) t.push(blob);
  EXPECT_THAT(t.registry().put_manifest(t.repository(), image.digest().str(), image.manifest).value(), HasStatus(201));
  return image;
}

void at_once(int count, const std::function<void(int)>& work) {
  std::vector<std::jthread> threads;
  threads.reserve(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) {
    threads.emplace_back([&work, i] {
      const http::Lane lane(static_cast<std::size_t>(i) + 1);
      work(i);
    });
  }
}

bool is_sorted_somehow(const std::vector<std::string>& tags) {
  const auto less_without_case = [](const std::string& a, const std::string& b) {
    return std::ranges::lexicographical_compare(
        a, b, [](unsigned char x, unsigned char y) { return std::tolower(x) < std::tolower(y); });
  };
  return std::ranges::is_sorted(tags) || std::ranges::is_sorted(tags, less_without_case);
}

}  // namespace referee::suites::distribution
