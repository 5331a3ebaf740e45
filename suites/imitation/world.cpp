#include "imitation/world.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "imitation/description.hpp"
#include "referee/oci/media_types.hpp"

namespace referee::imitation {
namespace {

runtimes::CommandLine command_of(const Imitation& imitation, const Order& order) {
  runtimes::CommandLine line;
  line.words = {"${referee}", "imitate", imitation.name, order.operation, order.reference};
  const auto option = [&](const char* name, const std::string& value) {
    if (!value.empty()) line.words.insert(line.words.end(), {name, value});
  };
  option("--target", order.target);
  option("--platform", order.platform.os + "/" + order.platform.architecture);
  option("--output", order.output);
  option("--layout", order.layout);
  option("--file", order.file);
  option("--type", order.type);
  option("--annotation", order.annotation);
  option("--now", order.now);
  option("--variant", order.variant);
  return line;
}

}  // namespace

World::World(const std::string& profile, std::vector<std::string> deviations) {
  folder_ = (std::filesystem::temp_directory_path() / "ri-XXXXXX").string();
  if (::mkdtemp(folder_.data()) == nullptr) throw std::runtime_error("no folder to work in: " + folder_);
  registry::ServerOptions options;
  options.profile = profile;
  options.deviations = std::move(deviations);
  options.access_log = [this](const registry::AccessRecord& record) {
    const std::scoped_lock lock(mutex_);
    requests_.push_back(record.method + " " + record.target);
  };
  auto server = registry::Server::start(options);
  if (!server) throw std::runtime_error(server.error());
  server_ = std::move(*server);
  host_ = "127.0.0.1:" + std::to_string(server_->port());
  registry_ =
      std::make_unique<distribution::Registry>(std::make_shared<http::Client>(http::ClientOptions{}), server_->url());
}

World::~World() {
  session_.reset();
  server_->stop();
  std::error_code error;
  std::filesystem::remove_all(folder_, error);
}

bool World::processes_ = false;

void World::use_processes(bool wanted) {
  processes_ = wanted;
}

std::string World::write(const std::string& name, const std::string& text) const {
  std::ofstream(path(name), std::ios::binary) << text;
  return path(name);
}

std::string World::at(const std::string& reference, const std::string& repository) const {
  auto place = host_ + "/" + repository;
  if (reference.empty()) return place;
  return place + (reference.find(':') == std::string::npos ? ":" : "@") + reference;
}

Answer World::run(const std::string& imitation, const std::string& operation, const std::string& reference,
                  Order order) {
  const auto* found = find_imitation(imitation);
  if (found == nullptr) throw std::runtime_error("no imitation " + imitation);
  order.operation = operation;
  order.reference = reference;
  // Nothing of another process can be called between its read and its write.
  const bool apart = processes_ && !order.window;
  return apart ? run_apart(*found, order) : carry_out(*found, order);
}

Answer World::run_apart(const Imitation& imitation, const Order& order) {
  if (!session_) {
    runtimes::SessionOptions options;
    options.folder = path("client");
    options.registry = host_;
    auto opened = runtimes::Session::open(described(imitation), options);
    if (!opened) throw std::runtime_error(opened.error().reason);
    session_ = std::move(*opened);
  }
  const auto step = session_->run(command_of(imitation, order));
  constexpr std::string_view kPrefix = "referee: ";
  auto words = step.err.starts_with(kPrefix) ? step.err.substr(kPrefix.size()) : step.err;
  while (words.ends_with('\n')) words.pop_back();
  return {step.ok(), step.out, std::move(words)};
}

std::string World::attach(const std::string& imitation, const std::string& text, Order order) {
  order.file = write("payload", text);
  if (order.type.empty()) order.type = kSignatureType;
  const auto answer = run(imitation, "attach", at("v1"), std::move(order));
  return answer.done ? answer.out.substr(0, answer.out.find('\n')) : "";
}

void World::put(const oci::Package& package, const std::string& reference, const std::string& repository) {
  const auto pushed = distribution::push_package(registry(), repository, package, reference);
  if (!pushed || pushed->status != 201) throw std::runtime_error("the reference registry refused " + reference);
}

oci::Package World::make_image(const oci::Platform& platform) {
  return oci::image(random_, 64, platform);
}

oci::Package World::push_image() {
  auto image = make_image();
  put(image, "v1");
  return image;
}

std::string World::body(const std::string& reference, const std::string& repository) {
  const auto answer = registry().get_manifest(repository, reference);
  return answer && answer->status == 200 ? answer->body : "";
}

int World::listed(const std::string& digest) {
  const auto json = nlohmann::json::parse(body(oci::referrers_tag(digest)), nullptr, false);
  return json.is_object() && json.contains("manifests") ? static_cast<int>(json["manifests"].size()) : -1;
}

std::vector<std::string> World::tags(const std::string& repository) {
  const auto answer = registry().list_tags(repository);
  if (!answer || answer->status != 200) return {};
  return nlohmann::json::parse(answer->body).value("tags", std::vector<std::string>());
}

std::vector<std::string> World::requests(const std::vector<std::string>& awaited) {
  // A request is logged after it was answered.
  for (int patience = 0; patience < 2000; ++patience) {
    {
      const std::scoped_lock lock(mutex_);
      const auto there = [&](const std::string& line) { return std::ranges::find(requests_, line) != requests_.end(); };
      if (std::ranges::all_of(awaited, there)) return requests_;
    }
    (void)registry().ping();
  }
  throw std::runtime_error(fmt::format("never seen: one of {}", fmt::join(awaited, ", ")));
}

std::string lines_of(const Answer& answer) {
  return answer.done ? std::to_string(std::ranges::count(answer.out, '\n')) : "failed";
}

std::string word_of(const Answer& answer) {
  return answer.done ? "done" : "failed";
}

}  // namespace referee::imitation
