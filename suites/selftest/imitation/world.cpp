#include "imitation/world.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "referee/oci/media_types.hpp"

namespace referee::imitation {

World::World(const std::string& profile, std::vector<std::string> deviations) {
  std::string pattern = testing::TempDir() + "referee-imitation-XXXXXX";
  if (::mkdtemp(pattern.data()) == nullptr) ADD_FAILURE() << pattern;
  folder_ = pattern;
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
  server_->stop();
  std::error_code error;
  std::filesystem::remove_all(folder_, error);
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
  return carry_out(*found, order);
}

std::string World::attach(const std::string& imitation, const std::string& text, Order order) {
  order.file = write("payload", text);
  if (order.type.empty()) order.type = kSignatureType;
  const auto answer = run(imitation, "attach", at("v1"), std::move(order));
  return answer.done ? answer.out.substr(0, answer.out.find('\n')) : "";
}

void World::put(const oci::Package& package, const std::string& reference, const std::string& repository) {
  const auto pushed = distribution::push_package(registry(), repository, package, reference);
  EXPECT_TRUE(pushed && pushed->status == 201) << reference;
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
    EXPECT_TRUE(registry().ping());
  }
  ADD_FAILURE() << "never seen: one of " << testing::PrintToString(awaited);
  return {};
}

std::string lines_of(const Answer& answer) {
  return answer.done ? std::to_string(std::ranges::count(answer.out, '\n')) : "failed";
}

std::string word_of(const Answer& answer) {
  return answer.done ? "done" : "failed";
}

}  // namespace referee::imitation
