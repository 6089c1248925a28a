// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILedgerTypes} from "../ledger/ILedgerTypes.sol";
import {LedgerActors} from "./LedgerActors.sol";
import {vm} from "./Vm.sol";

/// @dev What the runner may do at random with the states and the metadata of three drafts: any change to any state, by
/// either door. It keeps what must stand.
contract ProjectHandler is LedgerActors {
    struct Kept {
        ILedgerTypes.State state;
        uint32 version;
        bytes32 hash;
        string uri;
        bool frozen;
    }

    uint24 public constant FROM = 11;
    uint24 public constant TO = 13;
    mapping(uint24 projectId => Kept) private _kept;

    constructor(LedgerActors world) {
        (ledger, dao) = (world.ledger(), world.dao());
        for (uint24 id = FROM; id <= TO; ++id) {
            _kept[id] = Kept(ILedgerTypes.State.Draft, 1, bytes32(uint256(1)), "ipfs://x", false);
        }
    }

    function kept(uint24 projectId) external view returns (Kept memory) {
        return _kept[projectId];
    }

    /// @dev Draft → Active, Draft → Closed and Active ⇄ Paused, and nothing else, whatever is asked.
    function setState(uint256 seed, uint8 to) external {
        uint24 id = _project(seed);
        ILedgerTypes.State wanted = ILedgerTypes.State(to % 9);
        uint256 edge = uint256(_kept[id].state) * 10 + uint256(wanted);
        // A draft is closed now and then only, or little would ever happen.
        if (edge == 18 && seed % 8 != 0) return;
        bool allowed = edge == 13 || edge == 18 || edge == 34 || edge == 43;
        try ledger.setProjectState(id, wanted, "x") {
            require(allowed, "an edge that there isn't");
            _kept[id].state = wanted;
        } catch {
            require(!allowed, "an edge was refused");
        }
    }

    /// @dev Draft → Funding → Active or Closed.
    function setSaleState(uint256 seed, uint8 to) external {
        uint24 id = _project(seed);
        ILedgerTypes.State wanted = ILedgerTypes.State(to % 9);
        uint256 edge = uint256(_kept[id].state) * 10 + uint256(wanted);
        if (edge == 28 && seed % 8 != 0) return;
        bool allowed = edge == 12 || edge == 23 || edge == 28;
        vm.prank(SELLER);
        try ledger.setSaleState(id, wanted) {
            require(allowed, "a sale's edge that there isn't");
            _kept[id].state = wanted;
        } catch {
            require(!allowed, "a sale's edge was refused");
        }
    }

    /// @dev Active ⇄ ExitAnnounced; a beginning needs units, of which there are none.
    function announce(uint256 seed, bool back) external {
        uint24 id = _project(seed);
        ILedgerTypes.State from =
            back ? ILedgerTypes.State.ExitAnnounced : ILedgerTypes.State.Active;
        bool allowed = _kept[id].state == from;
        bool done;
        if (back) {
            try ledger.cancelExit(id) {
                done = true;
            } catch {}
        } else {
            try ledger.announceExit(id, address(dao), uint40(timeNow()) + NOTICE) {
                done = true;
            } catch {}
        }
        require(done == allowed, "announcement");
        if (!done) return;
        _kept[id].state = back ? ILedgerTypes.State.Active : ILedgerTypes.State.ExitAnnounced;
    }

    function setMetadata(uint256 seed, bytes32 hash, bool empty) external {
        uint24 id = _project(seed);
        bool allowed = hash != 0 && !empty && !_kept[id].frozen;
        string memory uri = empty ? "" : "ipfs://y";
        try ledger.setMetadata(id, hash, uri) {
            require(allowed, "metadata that can't be");
            (_kept[id].hash, _kept[id].uri) = (hash, uri);
            ++_kept[id].version;
        } catch {
            require(!allowed, "metadata was refused");
        }
    }

    function freezeMetadata(uint256 seed) external {
        uint24 id = _project(seed);
        if (seed % 5 != 0) return;
        try ledger.freezeMetadata(id) {
            require(!_kept[id].frozen, "frozen twice");
            _kept[id].frozen = true;
        } catch {
            require(_kept[id].frozen, "not frozen");
        }
    }

    function _project(uint256 seed) private pure returns (uint24) {
        return FROM + uint24((seed >> 16) % 3);
    }
}
