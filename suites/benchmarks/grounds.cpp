#include "grounds.hpp"

#include <fmt/format.h>

#include <cstdlib>

#include "referee/http/url.hpp"

namespace referee::suites::benchmarks {

using referee::distribution::Registry;
using std::chrono::microseconds;

tl::expected<std::string, std::string> Grounds::server_url(const std::string& profile) {
  if (!fresh()) return options_.url;
  auto& server = servers_[profile];
  if (server == nullptr) {
    conformance::EmbeddedServer::Options embedded;
    embedded.executable = options_.executable;
    embedded.profile = profile;
    embedded.deviations = options_.deviations;
    auto started = conformance::EmbeddedServer::start(embedded);
    if (!started) return tl::unexpected(started.error());
    server = std::move(*started);
  }
  return server->url();
}

tl::expected<std::shared_ptr<Registry>, std::string> Grounds::registry(const std::string& profile,
                                                                       microseconds round_trip) {
  auto url = server_url(profile);
  if (!url) return tl::unexpected(url.error());
  const auto key = std::pair(*url, std::int64_t{round_trip.count()});
  if (const auto known = registries_.find(key); known != registries_.end()) return known->second;
  auto client = options_.client;
  if (round_trip.count() > 0) {
    const auto authority = http::authority(*url);
    const bool secure = url->starts_with("https:");
    const auto colon = authority.rfind(':');
    const bool has_port = colon != std::string::npos && authority.find(']', colon) == std::string::npos;
    bench::RelayOptions way;
    way.host = authority.substr(0, has_port ? colon : std::string::npos);
    if (way.host.starts_with('[')) way.host = way.host.substr(1, way.host.size() - 2);
    way.port = static_cast<std::uint16_t>(has_port ? std::strtol(authority.c_str() + colon + 1, nullptr, 10)
                                          : secure ? 443
                                                   : 80);
    way.round_trip = round_trip;
    auto relay = bench::Relay::start(way);
    if (!relay) return tl::unexpected(relay.error());
    // The name stays the target's, for its certificate and for the addresses that it answers with.
    client.connect_to = fmt::format("127.0.0.1:{}", (*relay)->port());
    relays_[key] = std::move(*relay);
  }
  auto made =
      std::make_shared<Registry>(std::make_shared<http::Client>(client), *url, fresh() ? nullptr : options_.journal);
  registries_[key] = made;
  return made;
}

bool Grounds::collect_garbage(const std::string& profile) {
  const auto server = servers_.find(profile);
  if (server == servers_.end()) return false;
  http::Request request;
  request.method = "POST";
  request.url = server->second->facts().control_url + "/gc";
  request.has_body = true;
  const auto answer = http::Client(options_.client).send(request);
  return answer && answer->status < 300;
}

std::string Grounds::repository(const proposals::Variant& variant, std::string_view purpose) const {
  std::string name;
  for (const char c : variant.id) name += c == '/' || c == '.' ? '-' : static_cast<char>(c | 0x20);
  return fmt::format("{}/{}-{}-{:08x}", options_.name_space, purpose, name, options_.seed);
}

tl::expected<Client, std::string> Grounds::client(const proposals::Variant& variant, std::string_view purpose,
                                                  proposals::Settings settings, microseconds round_trip) {
  auto way = registry(variant.profile, round_trip);
  if (!way) return tl::unexpected(way.error());
  Client made;
  made.registry = std::move(*way);
  made.repository = repository(variant, purpose);
  made.wire = std::make_unique<proposals::Wire>(*made.registry, made.repository);
  made.proposal = variant.open(*made.wire, settings);
  auto support = made.proposal->prepare();
  if (support && !support->present) {
    // Some registries know no API of a repository that holds nothing.
    oci::Random random(options_.seed, "first image");
    if (const auto pushed = referee::distribution::push_package(*made.registry, made.repository, oci::image(random));
        pushed && pushed->status == 201) {
      support = made.proposal->prepare();
    }
  }
  if (!support) return tl::unexpected(support.error().message);
  made.support = std::move(*support);
  return made;
}

}  // namespace referee::suites::benchmarks
