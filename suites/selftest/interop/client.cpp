// A command-line client of the proposals, for scripts that try them beside other people's tools. Prints what it did,
// one line each, and ends with 1 and a line on stderr if it could not.
#include <fmt/core.h>

#include <cstdio>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "referee/distribution/registry.hpp"
#include "referee/oci/builder.hpp"
#include "referee/proposals/proposal.hpp"

namespace {

using namespace referee;

constexpr const char* kUsage =
    "usage: proposal-client push URL REPOSITORY TAG SEED\n"
    "       proposal-client attach URL REPOSITORY TAG VARIANT TYPE TEXT\n"
    "       proposal-client discover URL REPOSITORY TAG VARIANT\n";

int fail(const std::string& text) {
  (void)std::fputs((text + "\n").c_str(), stderr);
  return 1;
}

/// A client's session: registry, wire and proposal in the order in which they need one another.
struct Client {
  Client(const std::string& url, const std::string& repository)
      : registry(std::make_shared<http::Client>(http::ClientOptions{}), url), wire(registry, repository) {}
  distribution::Registry registry;
  proposals::Wire wire;
  std::unique_ptr<proposals::Proposal> proposal;
};

int push(Client& client, const std::string& tag, std::uint64_t seed) {
  oci::Random random(seed);
  const auto image = oci::image(random);
  const auto pushed = distribution::push_package(client.registry, client.wire.repository(), image, tag);
  if (!pushed) return fail(pushed.error().message);
  if (pushed->status != 201) return fail(fmt::format("status {}", pushed->status));
  fmt::print("{}\n", image.digest().str());
  return 0;
}

proposals::Outcome<proposals::Subject> subject_of(Client& client, const std::string& tag) {
  const auto answer = client.wire.get_manifest(tag);
  if (!answer) return tl::unexpected(answer.error());
  auto content = proposals::content_of(*answer);
  if (!content) return tl::unexpected(content.error());
  return proposals::Subject{content->descriptor(), tag, *content};
}

int attach(Client& client, proposals::Subject subject, const std::string& type, const std::string& text) {
  const std::vector<proposals::Attachment> given{
      {type, "sig", {{"org.opencontainers.image.created", "2026-01-01T00:00:00Z"}}, {type, text}}};
  const auto done = client.proposal->attach(subject, given);
  if (!done) return fail(done.error().message);
  fmt::print("{}\n", given.front().payload.digest().str());
  return 0;
}

int discover(Client& client, const proposals::Subject& subject) {
  const auto found = client.proposal->discover(subject, {});
  if (!found) return fail(found.error().message);
  for (const auto& entry : *found) fmt::print("{} {}\n", entry.descriptor.digest, entry.artifact_type);
  return 0;
}

int run(const std::vector<std::string>& given) {
  if (given.size() == 5 && given[0] == "push") {
    Client client(given[1], given[2]);
    return push(client, given[3], std::stoull(given[4]));
  }
  const bool attaching = given.size() == 7 && given[0] == "attach";
  const bool discovering = given.size() == 5 && given[0] == "discover";
  if (!attaching && !discovering) return fail(kUsage);
  const auto* variant = proposals::find_variant(given[4]);
  if (variant == nullptr) return fail("no variant " + given[4]);
  Client client(given[1], given[2]);
  client.proposal = variant->open(client.wire, {});
  const auto support = client.proposal->prepare();
  if (!support) return fail(support.error().message);
  if (!support->present) return fail("unsupported: " + support->evidence);
  auto subject = subject_of(client, given[3]);
  if (!subject) return fail(subject.error().message);
  return attaching ? attach(client, std::move(*subject), given[5], given[6]) : discover(client, *subject);
}

}  // namespace

int main(int argc, char** argv) try {
  const std::span arguments(argv, static_cast<std::size_t>(argc));
  return run({arguments.begin() + 1, arguments.end()});
} catch (const std::exception& error) {
  return fail(error.what());
}
