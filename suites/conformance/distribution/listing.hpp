#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "referee/conformance/catalogue.hpp"
#include "referee/conformance/context.hpp"
#include "referee/conformance/matchers.hpp"

/// Lists as a client reads them: over all pages, however many the registry makes of them. Nothing in the specification
/// says how soon a list follows a push, so what a check waits for may come up to kPatience later; whether it was there
/// at once is judged by one check alone.
namespace referee::suites::distribution {

using conformance::Catalogue;
using conformance::Context;
using Capability = referee::distribution::Capability;

/// Asks again for at most this many times, with pauses that double from 50 ms, until `done`.
inline constexpr int kPatience = 4;
void ask_until(const std::function<bool()>& done);

/// The pages of a list, first page given. Fails the running check if a page is not 200 or the pages never end.
std::vector<http::Response> pages_of(Context& t, http::Result first);

/// The pages of the referrers list of `subject`, asked again until they hold `count` entries. Fails the running check
/// if a page is not 200 or the pages never end.
std::vector<http::Response> referrer_pages(Context& t, std::string_view subject, std::size_t count,
                                           std::string_view artifact_type = "");
/// Every descriptor of the referrers list of `subject`, over all pages. Fails the running check if a page is not an
/// index.
std::vector<oci::Descriptor> referrers_now(Context& t, std::string_view subject, std::string_view artifact_type = "");
/// The same, asked again until `count` entries are there.
std::vector<oci::Descriptor> referrers_of(Context& t, std::string_view subject, std::size_t count,
                                          std::string_view artifact_type = "");
/// Their digests, in the registry's order.
std::vector<std::string> digests(const std::vector<oci::Descriptor>& descriptors);
/// Fails the running check unless the referrers of `subject` are exactly these, each once, in any order.
void expect_referrers(Context& t, std::string_view subject, const std::vector<std::string>& expected,
                      std::string_view artifact_type = "");

/// The check's own tags over all pages, in the registry's order; other checks' tags in a shared repository are left
/// out.
std::vector<std::string> tags_now(Context& t, const referee::distribution::Options& options = {});
/// The same, asked again until `count` tags are there.
std::vector<std::string> tags_of(Context& t, std::size_t count, const referee::distribution::Options& options = {});
/// The same for a response that is already there.
std::vector<std::string> own_tags(const Context& t, const http::Response& page);
/// The same without a judgement of the body's form: what is no list holds none.
std::vector<std::string> read_own_tags(const Context& t, const http::Response& page);

/// Both orders of the specification: by bytes, or without regard to case.
bool is_sorted_somehow(const std::vector<std::string>& tags);

/// The last answer to GET of a manifest, asked again until it is 404.
http::Response gone_manifest(Context& t, std::string_view reference);

/// A fresh artifact that refers to `subject`, pushed by digest (and tag).
oci::Package pushed_referrer(Context& t, const oci::Descriptor& subject, std::string_view artifact_type = "",
                             const oci::Annotations& annotations = {}, std::string_view tag = "");

referee::distribution::Options with_query(std::vector<std::pair<std::string, std::string>> query);
referee::distribution::Options with_header(const std::string& name, std::string value);
referee::distribution::Options chunked();

/// A fresh image whose manifest and blobs are addressed by sha512, pushed. Needs kSha512 and kSha512Manifests.
oci::Package pushed_sha512_image(Context& t);

/// Runs `work(i)` for i in [0, count) in as many threads at once.
void at_once(int count, const std::function<void(int)>& work);

}  // namespace referee::suites::distribution
