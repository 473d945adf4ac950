defmodule Queries do
  @moduledoc "Asks the store through connections of its own, each in a process; a query waits at most a second for one."

  @connections 4

  def child_spec(_), do: %{id: __MODULE__, start: {__MODULE__, :start_link, []}, type: :supervisor}

  def start_link do
    children = for number <- 1..@connections, do: %{id: number, start: {Queries.Connection, :start_link, [number]}}
    Supervisor.start_link(children, strategy: :one_for_one, max_restarts: 600, max_seconds: 60)
  end

  def get(id) do
    GenServer.call(Queries.Connection.name(:erlang.phash2(id, @connections) + 1), {:get, id}, 1_000)
  catch
    :exit, _ -> {:error, :no_answer}
  end
end

defmodule Queries.Connection do
  @moduledoc "One connection. It is made when it is first needed, and anew after an error."
  use GenServer

  def name(number), do: :"queries-#{number}"
  def start_link(number), do: GenServer.start_link(__MODULE__, nil, name: name(number))

  @impl true
  def init(_), do: {:ok, nil}

  @impl true
  def handle_call({:get, id}, from, nil) do
    case Postgres.connect_any(System.get_env("STORE", "127.0.0.1:5432")) do
      {:ok, socket} -> handle_call({:get, id}, from, socket)
      error -> {:reply, error, nil}
    end
  end

  def handle_call({:get, id}, _, socket) do
    case Postgres.query(socket, "SELECT body FROM profiles WHERE id = $1", [id]) do
      {:ok, [[body]]} -> {:reply, {:ok, body}, socket}
      {:ok, []} -> {:reply, :none, socket}
      error -> (:gen_tcp.close(socket); {:reply, error, nil})
    end
  end

  @impl true
  def handle_info(_, socket), do: {:noreply, socket}
end
