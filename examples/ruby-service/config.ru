# A small service on Sinatra as Debian has it: who answers, and of which release.
require 'json'
require 'sinatra/base'

class Service < Sinatra::Base
  set :host_authorization, permitted_hosts: []

  get('/health') { 'well' }

  get '/' do
    content_type :json
    { release: File.read('VERSION').strip, address: ENV.fetch('ADDRESS'), store: ENV['STORE'], mode: ENV['MODE'] }.to_json
  end

  # As a request that takes its time.
  get '/slow' do
    sleep Float(params['seconds'] || 1)
    ENV.fetch('ADDRESS')
  end
end

run Service
