#include <fmt/format.h>

#include <algorithm>

#include "client_judges.hpp"

/// Who is sent credentials, and who is not; redirects.
namespace referee::suites::clients {
namespace {

using registry::AccessRecord;
using registry::AuthOptions;
using runtimes::Operation;

const AuthOptions kTokens{AuthOptions::Scheme::kBearer, "", ""};
// Credentials of a registry that lives for seconds: nothing to be kept secret.
const AuthOptions kTokensForUser{AuthOptions::Scheme::kBearer, "referee", "not-a-secret"};
const AuthOptions kBasic{AuthOptions::Scheme::kBasic, "referee", "not-a-secret"};

bool asks_for_token(const AccessRecord& record) {
  return record.target.starts_with("/token");
}

/// The client was let in by a token for this repository.
Finding has_token(const Evidence& seen, std::string_view action) {
  const auto* asked = find_request(seen, asks_for_token);
  if (asked == nullptr) return failed("it asked for no token after a 401 with a Bearer challenge");
  const auto query = asked->target;
  const auto has = [&](std::string_view text) { return query.find(text) != std::string::npos; };
  if (!has("service=referee")) return wrong(fmt::format("it does not name the service of the challenge: {}", query));
  if (!has("scope=repository") || !has(action)) {
    return wrong(fmt::format("it does not ask for the scope of the challenge: {}", query));
  }
  if (!seen.succeeded()) return failed("it has a token, and fails");
  auto finding = right();
  const bool wide = action == "pull" && (has("push") || has("delete") || has("*"));
  if (wide) finding.notes.emplace_back("asks for more than the challenge names");
  return finding;
}

Finding pulls_with_token(const Evidence& seen) {
  return has_token(seen, "pull");
}
Finding pushes_with_token(const Evidence& seen) {
  return has_token(seen, "push");
}

/// Who sends no credentials at all may have them elsewhere: nothing is said of how it would send them.
Finding has_no_credentials() {
  return unclear("it sends no credentials: it may not look for them in docker's config.json");
}

Finding logs_in_for_token(const Evidence& seen) {
  const auto sent = [](const AccessRecord& record) { return asks_for_token(record) && !record.authorization.empty(); };
  const auto* asked = find_request(seen, asks_for_token);
  if (asked != nullptr && find_request(seen, sent) == nullptr) return has_no_credentials();
  auto finding = has_token(seen, "pull");
  if (finding.standing != conformance::Standing::kRight) return finding;
  const bool basic = std::ranges::any_of(seen.traffic, [](const AccessRecord& record) {
    return asks_for_token(record) && record.authorization == "Basic" && record.status == 200;
  });
  return basic ? finding : wrong("no token was given to its credentials");
}

Finding logs_in(const Evidence& seen) {
  const auto* sent = find_request(seen, [](const AccessRecord& record) { return !record.authorization.empty(); });
  if (sent == nullptr) return has_no_credentials();
  const auto* basic = find_request(
      seen, [](const AccessRecord& record) { return record.authorization == "Basic" && record.status < 400; });
  if (basic == nullptr)
    return wrong(fmt::format("it sends credentials ({}) that do not let it in", sent->authorization));
  return seen.succeeded() ? right() : failed("it is let in, and fails");
}

/// What came to the other host came without credentials.
Finding keeps_credentials(const Evidence& seen) {
  const auto* leaked = find_request(
      seen, [](const AccessRecord& record) { return is_elsewhere(record) && !record.authorization.empty(); });
  if (leaked != nullptr) {
    return wrong(fmt::format("Authorization ({}) was sent to another host with {} {}", leaked->authorization,
                             leaked->method, leaked->target));
  }
  if (find_request(seen, is_elsewhere) == nullptr) return unclear("it did not go to the other host");
  return seen.succeeded() ? right() : right("it went there without credentials, and failed then");
}

Finding keeps_credentials_from_links(const Evidence& seen) {
  auto finding = keeps_credentials(seen);
  if (finding.standing == conformance::Standing::kUnclear) {
    const bool led = seen.traffic.end() != std::ranges::find_if(seen.traffic, [](const AccessRecord& record) {
                       return (is_referrers_list(record) || record.target.find("/tags/list") != std::string::npos) &&
                              record.status == 200;
                     });
    // A Link to another host need not be followed.
    if (led) return right("it does not follow the Link");
  }
  return finding;
}

}  // namespace

Finding comes_to_an_end(const Evidence& seen) {
  if (seen.endless || seen.step.timed_out) {
    return wrong(seen.endless ? "it goes on and on: ended after hundreds of requests" : "it goes on until the limit");
  }
  return right(seen.step.ok() ? "it ends with success" : "it ends with an error");
}

void add_access_checks(Checks& to) {
  const auto check = [&](ClientCheck made) { to.push_back(std::move(made)); };
  check({.id = "auth-token",
         .about = "The registry wants a token; its challenge says where to get one, and for what.",
         .requirements = {"client.token.challenge"},
         .expected = "pulled",
         .content = one_image,
         .scene = {.auth = kTokens},
         .judge = pulls_with_token});
  check({.id = "auth-token-push",
         .about = "The registry wants a token that allows pushing.",
         .requirements = {"client.token.challenge"},
         .expected = "pushed",
         .operation = Operation::kPush,
         .content = image_in_layout,
         .scene = {.auth = kTokens},
         .judge = pushes_with_token});
  check({.id = "auth-token-login",
         .about = "The token server wants the name and password that docker's config.json holds.",
         .requirements = {"client.token.challenge"},
         .expected = "pulled",
         .content = one_image,
         .scene = {.auth = kTokensForUser},
         .judge = logs_in_for_token});
  check({.id = "auth-basic",
         .about = "The registry wants the name and password that docker's config.json holds.",
         .requirements = {"client.basic"},
         .expected = "pulled",
         .content = one_image,
         .scene = {.auth = kBasic},
         .judge = logs_in});
  check({.id = "redirect-authorization",
         .about = "A blob is on another host; the registry wanted a token.",
         .requirements = {"client.redirect.authorization"},
         .expected = "no credentials",
         .content = one_image,
         .scene = {.deviations = {"l.blob.elsewhere"}, .auth = kTokens},
         .judge = keeps_credentials,
         .twin = Scene{.auth = kTokens}});
  check({.id = "redirect-password",
         .about = "A blob is on another host; the registry wanted a name and password.",
         .requirements = {"client.redirect.authorization"},
         .expected = "no credentials",
         .content = one_image,
         .scene = {.deviations = {"l.blob.elsewhere"}, .auth = kBasic},
         .judge = keeps_credentials,
         .twin = Scene{.auth = kBasic}});
  check({.id = "redirect-blob",
         .about = "A blob is redirected to another URL of the registry.",
         .requirements = {"client.redirect.follow"},
         .expected = "pulled",
         .content = one_image,
         .scene = {.deviations = {"v.redirect-blobs"}},
         .judge = must_succeed});
  check({.id = "redirect-elsewhere",
         .about = "A blob is redirected to another host.",
         .requirements = {"client.redirect.follow"},
         .expected = "pulled",
         .content = one_image,
         .scene = {.deviations = {"l.blob.elsewhere"}},
         .judge = must_succeed});
  check({.id = "redirect-manifest",
         .about = "A manifest is redirected to another URL of the registry.",
         .requirements = {"client.redirect.follow"},
         .expected = "pulled",
         .content = one_image,
         .scene = {.deviations = {"v.redirect-manifests"}},
         .judge = must_succeed});
  check({.id = "redirect-endless",
         .about = "A blob is redirected for ever.",
         .requirements = {"client.redirect.bounded"},
         .expected = "an end",
         .content = one_image,
         .scene = {.deviations = {"l.blob.redirect-endless"}},
         .judge = comes_to_an_end,
         .bounded = true});
  check({.id = "link-authorization-tags",
         .about = "The next page of the tags is on another host; the registry wanted a token.",
         .requirements = {"client.redirect.authorization"},
         .expected = "no credentials",
         .operation = Operation::kTags,
         .content = many_tags,
         .scene = {.deviations = {"v.early-paging", "l.tags.link-elsewhere"}, .auth = kTokens},
         .judge = keeps_credentials_from_links,
         .twin = Scene{.auth = kTokens}});
  check({.id = "link-authorization-referrers",
         .about = "The next page of the referrers is on another host; the registry wanted a token.",
         .requirements = {"client.redirect.authorization"},
         .expected = "no credentials",
         .operation = Operation::kDiscover,
         .content = some_referrers,
         .scene = {.deviations = {"v.early-paging-referrers", "l.ref.link-elsewhere"}, .auth = kTokens},
         .judge = keeps_credentials_from_links,
         .twin = Scene{.auth = kTokens}});
}

}  // namespace referee::suites::clients
