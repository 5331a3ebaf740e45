// Signs an image many times over and verifies it, for ci/bench-verify, which measures it beside other people's tools.
// Prints what it did on one line and ends with 1 and a line on stderr if it could not.
#include <fmt/core.h>

#include <chrono>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "benchmarks/image.hpp"
#include "benchmarks/verification.hpp"

namespace {

using namespace referee;
using namespace referee::suites::benchmarks;

constexpr const char* kUsage =
    "usage: signed-image push URL VARIANT COUNT SEED KEY-FILE         an image, COUNT signatures, the public key\n"
    "       signed-image verify URL VARIANT COUNT SEED PARALLEL CA    CA: file of an authority, or -\n"
    "       signed-image paths URL VARIANT COUNT SEED                 what a verification asks for, in order\n";

int fail(const std::string& text) {
  (void)std::fputs((text + "\n").c_str(), stderr);
  return 1;
}

double cpu_seconds() {
  return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

struct Wish {
  std::string command, url;
  const proposals::Variant* variant;
  std::size_t count;
  std::uint64_t seed;
};

int push(Client& client, Image image, const Wish& wish, const std::string& key_file) {
  if (const auto pushed = suites::benchmarks::push(client, image); !pushed) return fail(pushed.error());
  const auto digest = image.subject.descriptor.digest;
  const auto attached = client.proposal->attach(image.subject, signatures(wish.seed, digest, wish.count));
  if (!attached) return fail(attached.error().message);
  std::ofstream(key_file) << policy_for(wish.seed, Wanted::kAll, wish.count).keys.front().pem();
  fmt::print("{}@{}\n", client.repository, digest);
  return 0;
}

int verify(Client& client, const Image& image, const Wish& wish, std::size_t parallel, double prepared) {
  const auto before = cpu_seconds();
  const auto verified = suites::benchmarks::verify(
      client, image.subject, policy_for(wish.seed, Wanted::kAll, wish.count, Key::kFresh), parallel);
  if (!verified) return fail(verified.error().message);
  if (!is_right(*verified, Wanted::kAll, wish.count)) {
    return fail(fmt::format("{} found, {} verified", verified->found, verified->decision.verified));
  }
  fmt::print(R"({{"seconds":{:.6f},"cpu":{:.6f},"before":{:.6f},"requests":{},"bytes":{}}})"
             "\n",
             verified->seconds, cpu_seconds() - before, prepared, verified->cost.requests, verified->cost.bytes_down);
  return 0;
}

/// Without asking the registry what it supports: whoever verifies does not, either.
tl::expected<Client, std::string> unasked_client(Grounds& grounds, const Wish& wish, std::string_view purpose) {
  auto registry = grounds.registry(wish.variant->profile);
  if (!registry) return tl::unexpected(registry.error());
  Client client;
  client.registry = std::move(*registry);
  client.repository = grounds.repository(*wish.variant, purpose);
  client.wire = std::make_unique<proposals::Wire>(*client.registry, client.repository);
  client.proposal = wish.variant->open(*client.wire, {});
  return client;
}

int run(const std::vector<std::string>& given) {
  if (given.size() < 5) return fail(kUsage);
  const Wish wish{given[0], given[1], proposals::find_variant(given[2]), std::stoul(given[3]), std::stoull(given[4])};
  if (wish.variant == nullptr) return fail("no variant " + given[2]);
  GroundsOptions options;
  options.url = wish.url;
  options.name_space = "bench-verify";
  options.seed = wish.seed;
  std::vector<std::string> paths;
  if (given.size() == 7 && given[6] != "-") options.client.tls.ca_file = given[6];
  if (wish.command == "paths") {
    options.client.sink = [&paths](const http::Exchange& exchange) { paths.push_back(exchange.url); };
  }
  Grounds grounds(options);
  const auto purpose = fmt::format("n{}", wish.count);
  const auto image = image_of(wish.seed, "signed", "signed");
  if (wish.command == "push" && given.size() == 6) {
    auto client = grounds.client(*wish.variant, purpose);
    if (!client) return fail(client.error());
    if (!client->support.present) return fail("unsupported: " + client->support.evidence);
    return push(*client, image, wish, given[5]);
  }
  auto client = unasked_client(grounds, wish, purpose);
  if (!client) return fail(client.error());
  if (wish.command == "verify" && given.size() == 7) {
    return verify(*client, image, wish, std::stoul(given[5]), cpu_seconds());
  }
  if (wish.command != "paths") return fail(kUsage);
  paths.clear();
  const auto code = verify(*client, image, wish, 1, 0);
  for (const auto& url : paths) fmt::print("{}\n", url.substr(url.find('/', url.find("//") + 2)));
  return code;
}

}  // namespace

int main(int argc, char** argv) try {
  const std::span arguments(argv, static_cast<std::size_t>(argc));
  return run({arguments.begin() + 1, arguments.end()});
} catch (const std::exception& error) {
  return fail(error.what());
}
