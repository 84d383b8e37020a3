package keeper

import (
	"context"

	"github.com/cosmos/gogoproto/proto"

	"stateset.example/chain/x/networkmap/types"
)

const (
	identitiesPerPage  = 256
	parametersPerPage  = 16
	acceptancesPerPage = 4096
	// bytesPerPage is where a page of identities ends, however few they are.
	bytesPerPage = 4 << 20
)

type queryServer struct{ Keeper }

// NewQueryServer answers questions after the map, each with a bounded page.
func NewQueryServer(k Keeper) types.QueryServer { return queryServer{k} }

var _ types.QueryServer = queryServer{}

func (q queryServer) Map(ctx context.Context, _ *types.QueryMapRequest) (*types.QueryMapResponse, error) {
	settings := &types.GenesisState{}
	if err := q.exportSettings(ctx, settings); err != nil {
		return nil, err
	}
	current, previous, err := q.inForce(ctx)
	if err != nil {
		return nil, err
	}
	answer := &types.QueryMapResponse{
		Serial: settings.Serial, Network: settings.Network, NetworkGenesis: settings.NetworkGenesis,
		Registrars: settings.Registrars, NoticeBlocks: settings.NoticeBlocks,
		Current: current, Previous: previous,
	}
	place, _, found, err := q.announced(ctx)
	if err != nil || !found {
		return answer, err
	}
	version, err := q.version(ctx, place)
	answer.Announced = version.Hash
	return answer, err
}

func (q queryServer) Identity(ctx context.Context, request *types.QueryIdentityRequest) (*types.QueryIdentityResponse, error) {
	identity, err := q.Keeper.Identity(ctx, request.Id)
	if err != nil {
		return nil, err
	}
	return &types.QueryIdentityResponse{Identity: identity}, nil
}

func (q queryServer) Identities(ctx context.Context, request *types.QueryIdentitiesRequest) (*types.QueryIdentitiesResponse, error) {
	after, err := afterID(types.IdentityPrefix, request.After)
	if err != nil {
		return nil, err
	}
	page := newPage(request.Limit)
	err = q.each(ctx, types.IdentityPrefix, after, func(_, value []byte) (bool, error) { return page.add(value) })
	if err != nil {
		return nil, err
	}
	serial, err := q.Serial(ctx)
	return &types.QueryIdentitiesResponse{Identities: page.identities, Serial: serial, HasMore: page.hasMore}, err
}

func (q queryServer) Changes(ctx context.Context, request *types.QueryChangesRequest) (*types.QueryChangesResponse, error) {
	page := newPage(request.Limit)
	serial, err := q.Serial(ctx)
	if err != nil || request.AfterSerial >= serial {
		return &types.QueryChangesResponse{Serial: serial}, err
	}
	// A key without an id stands before all of its serial, so that the page begins with the next.
	after := types.ChangedKey(request.AfterSerial + 1)
	err = q.each(ctx, types.ChangedPrefix, after, func(key, _ []byte) (bool, error) {
		value, err := q.get(ctx, types.IdentityKey(types.ChangedIdentity(key)))
		if err != nil {
			return false, err
		}
		return page.add(value)
	})
	return &types.QueryChangesResponse{Identities: page.identities, Serial: serial, HasMore: page.hasMore}, err
}

func (q queryServer) Parameters(ctx context.Context, request *types.QueryParametersRequest) (*types.QueryParametersResponse, error) {
	current, previous, err := q.inForce(ctx)
	if err != nil {
		return nil, err
	}
	count, err := q.getUint(ctx, types.ParametersCountKey)
	if err != nil {
		return nil, err
	}
	answer := &types.QueryParametersResponse{Current: current, Previous: previous}
	limit := limited(request.Limit, parametersPerPage)
	for place := request.Offset; place < count; place++ {
		if len(answer.Parameters) == limit {
			answer.HasMore = true
			break
		}
		version, err := q.version(ctx, place)
		if err != nil {
			return nil, err
		}
		answer.Parameters = append(answer.Parameters, version)
	}
	return answer, nil
}

func (q queryServer) Acceptances(ctx context.Context, request *types.QueryAcceptancesRequest) (*types.QueryAcceptancesResponse, error) {
	if _, err := types.ParseHash(request.Hash); err != nil {
		return nil, err
	}
	prefix := types.AcceptanceKey(request.Hash, nil)
	after, err := afterID(prefix, request.After)
	if err != nil {
		return nil, err
	}
	answer := &types.QueryAcceptancesResponse{}
	limit := limited(request.Limit, acceptancesPerPage)
	return answer, q.each(ctx, prefix, after, func(key, _ []byte) (bool, error) {
		if len(answer.Ids) == limit {
			answer.HasMore = true
			return false, nil
		}
		_, id := types.SplitAcceptanceKey(key)
		answer.Ids = append(answer.Ids, id)
		return true, nil
	})
}

// inForce are the hashes of the current and the previous parameters, each nil where there are none.
func (k Keeper) inForce(ctx context.Context) (current, previous []byte, err error) {
	if _, current, err = k.current(ctx); err != nil {
		return nil, nil, err
	}
	previous, err = k.get(ctx, types.PreviousKey)
	return current, previous, err
}

// page is identities up to a limit of number and of bytes; one there always is.
type page struct {
	identities   []types.Identity
	limit, bytes int
	hasMore      bool
}

func newPage(limit uint32) *page { return &page{limit: limited(limit, identitiesPerPage)} }

func (p *page) add(value []byte) (bool, error) {
	isFull := len(p.identities) == p.limit || len(p.identities) > 0 && p.bytes+len(value) > bytesPerPage
	if isFull {
		p.hasMore = true
		return false, nil
	}
	var identity types.Identity
	if err := proto.Unmarshal(value, &identity); err != nil {
		return false, err
	}
	p.bytes += len(value)
	p.identities = append(p.identities, identity)
	return true, nil
}

// afterID is the key behind which a page begins; nil for the first.
func afterID(prefix, id []byte) ([]byte, error) {
	if len(id) == 0 {
		return nil, nil
	}
	if _, err := types.ParseHash(id); err != nil {
		return nil, err
	}
	return append(append([]byte{}, prefix...), id...), nil
}

func limited(limit uint32, most int) int {
	if limit == 0 || limit > uint32(most) {
		return most
	}
	return int(limit)
}
